/* Small marks that several places show: a person's initials, a channel, a mood, how much a customer is worth. */

import { html } from "../html.js";
import { words } from "../strings.js";
import { Icon } from "./icons.js";

const CHANNELS = { web: "web", email: "mail", twilio: "phone", sms: "phone", whatsapp: "phone", rest: "bot", webhook: "bot" };
const FACES = { positive: "M8.5 14.2a4.5 4.5 0 0 0 7 0", neutral: "M8.5 15h7", negative: "M8.5 16a4.5 4.5 0 0 1 7 0" };
const MOODS = { positive: "good", neutral: "", negative: "bad" };

export function Avatar({ name, tone = "" }) {
  return html`<span class=${`avatar ${tone}`} aria-hidden="true">${initials(name)}</span>`;
}

/** "AK" of Anna Kowalska, 丽 of 王丽: what people would call out. */
export function initials(name) {
  const clean = (name ?? "").trim();
  if (!clean) return html`<${Icon} name="person" />`;
  if (/\p{Script=Han}/u.test(clean)) return clean.slice(-1);
  const parts = clean.split(/\s+/);
  return (parts[0][0] + (parts.length > 1 ? parts.at(-1)[0] : "")).toUpperCase();
}

export function ChannelMark({ channel, isNamed = true }) {
  const name = words.value.channel(channel);
  return html`<span class="chip" title=${name}><${Icon} name=${CHANNELS[channel] ?? "chat"} />${isNamed ? name : html`<span class="quiet">${name}</span>`}</span>`;
}

export function MoodMark({ mood, isNamed = false }) {
  if (!mood) return null;
  const name = words.value.moods[mood.label] ?? mood.label;
  return html`
    <span class=${`chip mood ${MOODS[mood.label] ?? ""}`} title=${name}>
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="12" cy="12" r="9" /><path d="M9 9.5v.01M15 9.5v.01" /><path d=${FACES[mood.label] ?? FACES.neutral} />
      </svg>
      ${isNamed ? name : html`<span class="quiet">${name}</span>`}
    </span>
  `;
}

export function ValueMark({ value }) {
  if (value !== "high") return null;
  return html`<span class="chip accent">${words.value.values.high}</span>`;
}

export function customerName(item) {
  return item?.customer?.name || words.value.visitor(item?.conversation_id ?? "");
}

/** How a customer's language is called. */
export function LanguageMark({ language }) {
  if (!language) return null;
  const name = words.value.languages[language] ?? language;
  return html`<span class="chip" title=${name}>${words.value.languagesShort[language] ?? language}</span>`;
}
