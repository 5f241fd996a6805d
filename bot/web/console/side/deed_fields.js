/* What each deed with an order needs to know, and how it begins. */

import { useEffect, useState } from "preact/hooks";

import * as api from "../api.js";
import { html } from "../html.js";
import { openId } from "../store/conversation.js";
import { words } from "../strings.js";
import { attempt } from "../ui/toast.js";

const ADDRESS = ["line1", "line2", "city", "state", "postcode", "country"];
const NEEDED = ["line1", "city", "country"];
const nothing = () => ({});

export const FIELDS = {
  cancel: { View: Cancel, start: (_order, known) => ({ reason: known.reasons.cancel[0]?.code ?? "" }) },
  "change-address": { View: Address, start: (order) => ({ address: { ...order.address } }) },
  "change-payment": { View: (props) => html`<${Payment} ...${props} action="change-payment" />`, start: firstPayment("change-payment") },
  return: { View: Return, start: (order) => ({ ...firstPayment("return")(order), line_ids: onlyLine(order) }) },
  exchange: { View: Exchange, start: (order) => ({ ...firstPayment("exchange")(order), line_id: onlyLine(order)[0] ?? "", new_variant_id: "" }) },
  invoice: { View: Invoice, start: nothing },
  "report-problem": { View: Problem, start: (order, known) => ({ kind: known.problem_kinds[0]?.code ?? "", line_ids: onlyLine(order), description: "" }) },
};

/** The likeliest of the methods that the shop allows for it. */
function firstPayment(action) {
  return (order) => ({ payment_method_id: order.payment[action][0] ?? "" });
}

function onlyLine(order) {
  return order.lines.length === 1 ? [order.lines[0].line_id] : [];
}

function Select({ name, label, options, given, change }) {
  return html`
    <div class="field">
      <label for=${`deed-${name}`}>${label}</label>
      <select id=${`deed-${name}`} required value=${given[name]} onChange=${(event) => change({ [name]: event.target.value })}>
        <option value="">${words.value.side.choose}</option>
        ${options.map(({ value, label: text, disabled }) => html`<option key=${value} value=${value} disabled=${disabled}>${text}</option>`)}
      </select>
    </div>
  `;
}

function Text({ name, label, value, set, required = false, multiline = false }) {
  const shared = { id: `deed-${name}`, value, required, onInput: (event) => set(event.target.value) };
  return html`<div class="field"><label for=${shared.id}>${label}</label>${multiline ? html`<textarea rows="3" ...${shared}></textarea>` : html`<input ...${shared} />`}</div>`;
}

function Items({ order, given, change }) {
  const toggle = (id) => change({ line_ids: given.line_ids.includes(id) ? given.line_ids.filter((one) => one !== id) : [...given.line_ids, id] });
  return html`
    <fieldset>
      <legend class="label">${words.value.side.deedFields.items}</legend>
      ${order.lines.map(
        (line) => html`
          <label key=${line.line_id} class="check"><input type="checkbox" checked=${given.line_ids.includes(line.line_id)} onChange=${() => toggle(line.line_id)} />${line.name} <span class="muted">${line.options}</span></label>
        `,
      )}
    </fieldset>
  `;
}

function coded(options) {
  return options.map(({ code, id, name }) => ({ value: code ?? id, label: name }));
}

function Cancel({ known, given, change }) {
  return html`<${Select} name="reason" label=${words.value.side.deedFields.reason} options=${coded(known.reasons.cancel)} given=${given} change=${change} />`;
}

function Payment({ action, order, known, given, change }) {
  const { payment, refundTo } = words.value.side.deedFields;
  const allowed = order.payment[action].map((id) => known.payment_methods.find((one) => one.id === id));
  return html`<${Select} name="payment_method_id" label=${action === "return" ? refundTo : payment} options=${coded(allowed)} given=${given} change=${change} />`;
}

function Address({ given, change }) {
  const { address } = words.value.side.deedFields;
  const set = (name) => (value) => change({ address: { ...given.address, [name]: value } });
  return ADDRESS.map((name) => html`<${Text} key=${name} name=${name} label=${address[name]} value=${given.address[name] ?? ""} set=${set(name)} required=${NEEDED.includes(name)} />`);
}

function Return(props) {
  return html`<${Items} ...${props} /><${Payment} ...${props} action="return" />`;
}

function Exchange(props) {
  const { order, given, change } = props;
  const { deedFields, soldOut } = words.value.side;
  const variants = useVariants(order, given.line_id);
  const items = order.lines.map((line) => ({ value: line.line_id, label: `${line.name} ${line.options}` }));
  const others = variants.map((one) => ({ value: one.variant_id, label: one.is_available ? `${one.name} · ${one.price}` : soldOut(one.name), disabled: !one.is_available }));
  return html`
    <${Select} name="line_id" label=${deedFields.item} options=${items} given=${given} change=${change} />
    <${Select} name="new_variant_id" label=${deedFields.variant} options=${others} given=${given} change=${change} />
    <${Payment} ...${props} action="exchange" />
  `;
}

function Invoice({ given, change }) {
  const { title, taxNumber } = words.value.side.deedFields;
  return html`
    <${Text} name="title" label=${title} value=${given.title ?? ""} set=${(value) => change({ title: value })} />
    <${Text} name="tax_number" label=${taxNumber} value=${given.tax_number ?? ""} set=${(value) => change({ tax_number: value })} />
  `;
}

function Problem(props) {
  const { known, given, change } = props;
  const { kind, description } = words.value.side.deedFields;
  return html`
    <${Select} name="kind" label=${kind} options=${coded(known.problem_kinds)} given=${given} change=${change} />
    <${Items} ...${props} />
    <${Text} name="description" label=${description} value=${given.description} set=${(value) => change({ description: value })} multiline required />
  `;
}

/** The variants that an item may be exchanged for. */
function useVariants(order, lineId) {
  const [variants, setVariants] = useState([]);
  useEffect(() => {
    if (!lineId) return;
    const path = api.at("conversations", openId.value, "orders", order.order_number, "variants");
    attempt(async () => setVariants(await api.get(path, { line_id: lineId })));
  }, [lineId]);
  return variants;
}
