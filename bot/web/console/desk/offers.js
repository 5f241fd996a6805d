/* What is offered to this agent now: accept, or let the next one have it. */

import { computed, signal } from "@preact/signals";

import { html } from "../html.js";
import { hear } from "../live.js";
import { go } from "../router.js";
import { act } from "../store/acting.js";
import { items, keep } from "../store/queue.js";
import { isOfferedTo } from "../store/sorting.js";
import { me } from "../store/session.js";
import { words } from "../strings.js";
import { ChannelMark, LanguageMark, MoodMark, ValueMark, customerName } from "../ui/marks.js";
import { now, until } from "../ui/time.js";

const ended = signal(new Map());

/** An offer is what its conversation says, so that one that was made before we came is seen too. */
export const offers = computed(() =>
  [...items.value.values()]
    .filter((item) => isOfferedTo(item, me.value) && ended.value.get(item.conversation_id) !== item.epoch)
    .sort((one, other) => one.offered_until - other.offered_until),
);

hear("offer", ({ item }) => keep(item));
hear("offer_ended", ({ conversation_id }) => {
  const item = items.value.get(conversation_id);
  if (item) ended.value = new Map(ended.value).set(conversation_id, item.epoch);
});

export async function accept(item) {
  if (await act("take", {}, item.conversation_id)) go("c", item.conversation_id);
}

export function Offers() {
  const current = offers.value.filter((item) => !item.offered_until || item.offered_until * 1000 > now.value);
  return html`
    <section class="offers" aria-label=${words.value.offers.title} aria-live="polite">
      ${current.slice(0, 1).map((item) => html`<${Offer} key=${item.conversation_id} item=${item} others=${current.length - 1} />`)}
    </section>
  `;
}

function Offer({ item, others }) {
  const { offers: said } = words.value;
  return html`
    <article class="offer">
      <header>
        <strong>${said.forYou}</strong>
        ${item.offered_until && html`<span class="muted numbers tiny" aria-hidden="true">${until(item.offered_until)}</span>`}
      </header>
      <p class="name">${customerName(item)}</p>
      <p class="chips">
        <${ChannelMark} channel=${item.channel} /><${LanguageMark} language=${item.language} /><${MoodMark} mood=${item.mood} isNamed /><${ValueMark} value=${item.value} />
      </p>
      ${item.passed_on ? html`<${PassedOn} passed=${item.passed_on} />` : item.reason && html`<p class="muted small">${words.value.reason(item.reason)}</p>`}
      ${item.last?.role === "user" && html`<p class="last">${item.last.text}</p>`}
      <footer>
        ${others > 0 && html`<span class="muted small">${said.others(others)}</span>`}
        <button class="button" type="button" onClick=${() => act("decline", {}, item.conversation_id)}>${said.decline}</button>
        <button class="button primary" type="button" onClick=${() => accept(item)}>${said.accept}</button>
      </footer>
    </article>
  `;
}

/** A colleague's, with what they say about it. */
function PassedOn({ passed: { by, note } }) {
  return html`
    <p class="muted small">${words.value.offers.passedOn(by.name)}</p>
    ${note && html`<p class="said marked small">${note}</p>`}
  `;
}
