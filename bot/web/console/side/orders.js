/* The customer's orders, and what can be done with each now: the same as the bot may do, shown first, done when agreed. */

import { useState } from "preact/hooks";

import { html } from "../html.js";
import { orders, usePart } from "../store/beside.js";
import { item } from "../store/conversation.js";
import { locale } from "../store/preferences.js";
import { words } from "../strings.js";
import { ask } from "../ui/dialog.js";
import { Icon } from "../ui/icons.js";
import { Menu } from "../ui/menu.js";
import { Empty, Failure, Waiting } from "../ui/states.js";
import { OrderDeed } from "./deed.js";

const TONES = { delivered: "good", cancelled: "", returned: "", shipped: "accent", pending: "warn" };

export function Orders() {
  const { value, error } = usePart(orders, item.value?.customer.id);
  if (error && !value) return html`<${Failure} error=${error} again=${orders.load} />`;
  if (!value) return html`<${Waiting} rows=${6} />`;
  if (!value.orders.length) return html`<${Empty} icon="order" title=${words.value.side.noOrders} text=${item.value.customer.id ? "" : words.value.side.notKnownHint} />`;
  return html`<ul class="orders">${value.orders.map((one, number) => html`<${Order} key=${one.order_number} order=${one} known=${value} startsOpen=${number === 0} />`)}</ul>`;
}

function Order({ order, known, startsOpen }) {
  const [isOpen, setOpen] = useState(startsOpen);
  const { deeds, doing } = words.value.side;
  const choices = order.actions.map((one) => ({ label: deeds[one].name, pick: () => begin(one) }));
  const begin = async (action) => (await ask(OrderDeed, { action, order, known })) && orders.load();
  return html`
    <li class="order">
      <header>
        <button class="button plain tight" type="button" aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>
          <${Icon} name="chevron" /><strong class="numbers">${order.order_number}</strong>
        </button>
        <span class=${`chip ${TONES[order.status] ?? ""}`}>${order.status_name}</span>
        ${choices.length > 0 && html`<${Menu} label=${`${doing} ${order.order_number}`} kind="plain square tight" opens="down end" choices=${choices}><${Icon} name="more" /><//>`}
      </header>
      ${isOpen && html`<${Details} order=${order} />`}
    </li>
  `;
}

function Details({ order }) {
  const { side } = words.value;
  const placed = order.placed_at && new Date(order.placed_at).toLocaleDateString(locale.value, { dateStyle: "medium" });
  return html`
    <ul class="lines">
      ${order.lines.map((line) => html`<li key=${line.line_id}><span>${line.quantity > 1 ? `${line.quantity} × ` : ""}${line.name}${line.options && html`<span class="muted small"> ${line.options}</span>`}</span><span class="numbers">${line.unit_price}</span></li>`)}
    </ul>
    <p class="total"><span class="muted small">${placed}</span><strong class="numbers">${order.total}</strong></p>
    ${order.address && html`<p class="muted small">${place(order.address)}</p>`}
    ${order.tracking.map((one) => html`<p class="small" key=${one.tracking_number}>${side.tracked(one.carrier, one.tracking_number)}</p>`)}
  `;
}

function place({ line1, line2, city, state, postcode, country }) {
  return [line1, line2, city, state, postcode, country].filter(Boolean).join(locale.value === "zh" ? " " : ", ");
}
