/* What could be answered: a click puts it where the agent writes, a second one sends it as it is. What becomes of each, and
 * what people think of it, is told to the server. */

import * as api from "../api.js";
import { html } from "../html.js";
import { say } from "../store/acting.js";
import { suggestions, usePart } from "../store/beside.js";
import { item, openId } from "../store/conversation.js";
import { draft, insert, inserted } from "../store/drafts.js";
import { folded } from "../store/preferences.js";
import { words } from "../strings.js";
import { Icon } from "../ui/icons.js";
import { toast } from "../ui/toast.js";
import { signal } from "@preact/signals";

const MOST = 3;
const NAME = "suggested";
/** Suggestions that were judged here, by id: "up" or "down". */
const judged = signal({});

export function Suggested() {
  const { value } = usePart(suggestions);
  const replies = (value?.replies ?? []).filter((one) => judged.value[one.id] !== "down").slice(0, MOST);
  if (!replies.length || draft.value.text || item.value.owner === "bot") return null;
  const isFolded = folded.value.includes(NAME);
  const { suggested } = words.value.composer;
  return html`
    <section class="suggested" aria-label=${suggested}>
      <button class="button plain tight title" type="button" aria-expanded=${!isFolded} onClick=${() => fold(NAME)}>
        <${Icon} name="spark" />${suggested}<${Icon} name="chevron" />
      </button>
      ${!isFolded && html`<ul>${replies.map((one) => html`<${Reply} key=${one.id} reply=${one} />`)}</ul>`}
    </section>
  `;
}

export function fold(name) {
  folded.value = folded.value.includes(name) ? folded.value.filter((one) => one !== name) : [...folded.value, name];
}

function Reply({ reply }) {
  const { composer } = words.value;
  const use = () => {
    insert(reply.text);
    inserted.value = reply;
  };
  const sendNow = async () => (await say(reply.text)) && tell(reply, reply.text, "sent");
  return html`
    <li>
      <button class="use" type="button" title=${composer.insert} onClick=${use}>
        <span class="text">${reply.text}</span>
        <span class="muted tiny">${reply.title || composer.sources[reply.source] || ""}</span>
      </button>
      <${Thumb} reply=${reply} verdict="up" /><${Thumb} reply=${reply} verdict="down" />
      <button class="button plain square tight" type="button" title=${composer.sendNow} aria-label=${composer.sendNow} onClick=${sendNow}><${Icon} name="send" /></button>
    </li>
  `;
}

function Thumb({ reply, verdict }) {
  const name = words.value.composer.verdicts[verdict];
  const judge = () => {
    judged.value = { ...judged.value, [reply.id]: verdict };
    tell(reply, reply.text, verdict);
    toast(words.value.composer.judged);
  };
  return html`<button class="button plain square tight" type="button" title=${name} aria-label=${name} aria-pressed=${judged.value[reply.id] === verdict} onClick=${judge}><${Icon} name=${verdict} /></button>`;
}

/** Sent as it was, or changed first. */
export function tellOutcome(source, text, conversationId) {
  tell(source, text, text === source.text.trim() ? "sent" : "edited", conversationId);
}

function tell({ id, source }, text, verdict, conversationId = openId.value) {
  const told = { suggestion_id: id, source, text, verdict };
  api.post(api.at("conversations", conversationId, "suggestions", "feedback"), told).catch(() => {});
}
