/* One conversation of the list. A component that reads signals is drawn again only when those or its properties change:
 * what ticks, and what is open, are signals bound to a text and an attribute, so a row is left alone meanwhile. */

import { useComputed } from "@preact/signals";

import { html } from "../html.js";
import { link } from "../router.js";
import { openId } from "../store/conversation.js";
import { me } from "../store/session.js";
import { isOfferedTo } from "../store/sorting.js";
import { words } from "../strings.js";
import { Avatar, ChannelMark, LanguageMark, MoodMark, ValueMark, customerName } from "../ui/marks.js";
import { since, until } from "../ui/time.js";

export function Row({ item }) {
  const current = useComputed(() => (openId.value === item.conversation_id ? "true" : undefined));
  return html`
    <li class="row">
      <a href=${link("c", item.conversation_id)} aria-current=${current}>
        <${Avatar} name=${item.customer.name} />
        <div class="about">
          <p class="top">
            <strong class=${item.unread ? "unread" : ""}>${customerName(item)}</strong>
            <${Wait} item=${item} />
          </p>
          <p class="last" lang=${item.language === "zh" ? "zh-CN" : "en"}>${lastWords(item)}${item.unread > 0 && html`<${Unread} count=${item.unread} />`}</p>
          <p class="chips"><${Chips} item=${item} /></p>
        </div>
      </a>
    </li>
  `;
}

function Unread({ count }) {
  return html`<span class="count">${count}<span class="quiet"> ${words.value.queue.unread}</span></span>`;
}

function lastWords(item) {
  if (!item.last) return html`<span class="muted">${words.value.queue.nothingSaid}</span>`;
  const from = item.last.role === "user" ? "" : words.value.queue.from[item.last.role];
  return html`<span class="text">${from}${item.last.text || words.value.queue.aFile}</span>`;
}

function Chips({ item }) {
  return html`
    <${ChannelMark} channel=${item.channel} isNamed=${false} /><${LanguageMark} language=${item.language} /><${MoodMark} mood=${item.mood} /><${ValueMark} value=${item.value} />
    ${isOfferedTo(item, me.value) && html`<span class="chip accent">${words.value.offers.title}</span>`}
    ${item.state === "failed" && html`<span class="chip bad">${words.value.states.failed}</span>`}
    ${item.agent && item.agent.id !== me.value?.id && html`<span class="chip">${item.agent.name}</span>`}
    ${item.tags.slice(0, 2).map((tag) => html`<span class="chip tag" key=${tag} title=${`#${tag}`}>#${tag}</span>`)}
    ${item.tags.length > 2 && html`<span class="chip">+${item.tags.length - 2}</span>`}
  `;
}

/** How long the customer has waited, in colour and with a sign; how long it sleeps, where it was put off. */
function Wait({ item }) {
  const text = useComputed(() => {
    if (item.state === "snoozed" && item.snoozed_until) return words.value.queue.wakesIn(until(item.snoozed_until));
    return item.waiting_since ? since(item.waiting_since) : since(item.updated_at);
  });
  const state = item.waiting_since ? (item.sla?.state ?? "ok") : "none";
  const { sla } = words.value;
  return html`<span class=${`wait numbers ${state}`} title=${sla[state]}>${sla.signs[state]}${text}<span class="quiet"> ${sla[state]}</span></span>`;
}
