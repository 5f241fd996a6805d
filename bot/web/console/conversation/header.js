/* Who the conversation is with, who has it, and what can be done with it as a whole. */

import { useState } from "preact/hooks";

import { html } from "../html.js";
import { go } from "../router.js";
import { act, isMine, isOthers } from "../store/acting.js";
import { item } from "../store/conversation.js";
import { isSideOpen } from "../store/preferences.js";
import { me } from "../store/session.js";
import { words } from "../strings.js";
import { ask, confirm } from "../ui/dialog.js";
import { Icon } from "../ui/icons.js";
import { Avatar, ChannelMark, LanguageMark, MoodMark, ValueMark, customerName } from "../ui/marks.js";
import { until } from "../ui/time.js";
import { HandBack, Snooze, TagEditor, Transfer } from "./leaving.js";
import { Menu } from "../ui/menu.js";

const FEW_TAGS = 2;

export function Header() {
  const now = item.value;
  const { back, details } = words.value.conversation;
  return html`
    <header class="with">
      <button class="button plain square only-narrow" type="button" aria-label=${back} onClick=${() => go("c")}><${Icon} name="back" /></button>
      <${Avatar} name=${now.customer.name} />
      <div class="who">
        <h2>${customerName(now)}</h2>
        <p class="chips">
          <${Holder} /><${ChannelMark} channel=${now.channel} /><${LanguageMark} language=${now.language} /><${MoodMark} mood=${now.mood} /><${ValueMark} value=${now.value} />
          <${Tags} key=${now.conversation_id} tags=${now.tags} />
        </p>
      </div>
      <div class="doing"><${Actions} /></div>
      <button class="button plain square" type="button" title=${`${details} ([)`} aria-label=${details} aria-pressed=${isSideOpen.value} onClick=${() => (isSideOpen.value = !isSideOpen.value)}>
        <${Icon} name="panel" />
      </button>
    </header>
  `;
}

/** The first few, and a count that opens the rest. */
function Tags({ tags }) {
  const [isOpen, setOpen] = useState(false);
  const more = isOpen ? 0 : tags.length - FEW_TAGS;
  const shown = more > 1 ? tags.slice(0, FEW_TAGS) : tags;
  return html`
    ${shown.map((tag) => html`<span class="chip" key=${tag}>#${tag}</span>`)}
    ${more > 1 && html`<button class="chip" type="button" aria-label=${words.value.conversation.moreTags(more)} onClick=${() => setOpen(true)}>+${more}</button>`}
  `;
}

function Holder() {
  const { state, agent, snoozed_until: wakes } = item.value;
  const { states, conversation } = words.value;
  if (isMine()) return html`<span class="chip good">${state === "wrapup" ? states.wrapup : conversation.yours}</span>`;
  if (isOthers()) return html`<span class="chip warn">${conversation.with(agent?.name ?? "")}</span>`;
  if (state === "snoozed" && wakes) return html`<span class="chip">${words.value.queue.wakesIn(until(wakes))}</span>`;
  return html`<span class="chip">${states[state]}</span>`;
}

/** What may be done now: the likeliest is a button of its own, everything else is in the menu. */
export const DOING = {
  take: { isFor: () => !isMine() && !isOthers(), run: () => act("take") },
  "take-over": { isFor: () => isOthers() && me.value.role !== "agent", run: takeOver },
  "hand-back": { isFor: () => isMine(), run: () => ask(HandBack) },
  transfer: { isFor: () => isMine(), run: () => ask(Transfer) },
  snooze: { isFor: () => isMine(), run: () => ask(Snooze) },
  wake: { isFor: () => item.value.state === "snoozed", run: () => act("wake") },
  "wrap-up": { isFor: () => isMine() && item.value.state === "agent", run: () => act("wrap-up") },
  resolve: { isFor: () => isMine(), run: () => act("resolve") },
  decline: { isFor: () => item.value.state === "offered" && !isOthers() && item.value.offered_to !== null, run: () => act("decline") },
  tags: { isFor: () => true, run: () => ask(TagEditor) },
};

/** From a colleague, who is asked about nothing: so the supervisor is. */
async function takeOver() {
  const { agent } = item.value;
  const { title, about, yes } = words.value.leaving.takeOver(agent.name);
  if (await confirm({ title, text: about, yes })) await act("take-over");
}

const ICONS = { take: "accept", "take-over": "accept", resolve: "resolve", snooze: "snooze", transfer: "transfer", "hand-back": "bot" };
const SHOWN = { agent: ["hand-back", "snooze", "transfer", "resolve"], wrapup: ["hand-back", "resolve"], snoozed: ["wake", "take"] };

function Actions() {
  const { actions, actionsTitle, keys } = words.value.conversation;
  const allowed = Object.keys(DOING).filter((name) => DOING[name].isFor());
  const shown = (isOthers() ? ["take-over"] : (SHOWN[item.value.state] ?? ["take"])).filter((name) => allowed.includes(name));
  const rest = allowed.filter((name) => !shown.includes(name));
  const choices = rest.map((name) => ({ label: actions[name], hint: keys[name] ?? "", pick: DOING[name].run }));
  return html`
    ${shown.map((name, number) => {
      const isMain = number === shown.length - 1;
      const title = keys[name] ? `${actions[name]} (${keys[name]})` : actions[name];
      return html`
        <button key=${name} class=${`button ${isMain ? "primary" : "plain square"}`} type="button" title=${title} aria-label=${isMain ? undefined : actions[name]} onClick=${DOING[name].run}>
          ${ICONS[name] && html`<${Icon} name=${ICONS[name]} />`}${(isMain || !ICONS[name]) && actions[name]}
        </button>
      `;
    })}
    ${choices.length > 0 && html`<${Menu} label=${actionsTitle} kind="plain square" opens="down end" choices=${choices}><${Icon} name="more" /><//>`}
  `;
}
