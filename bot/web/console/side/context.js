/* How it came to this: a summary, the reasons, what the bot knows already and has tried, and how the mood went. */

import { html } from "../html.js";
import { context, usePart } from "../store/beside.js";
import { item, lines, others } from "../store/conversation.js";
import { link } from "../router.js";
import { locale } from "../store/preferences.js";
import { words } from "../strings.js";
import { ChannelMark } from "../ui/marks.js";
import { Empty, Failure, Waiting } from "../ui/states.js";
import { full } from "../ui/time.js";
import { Facts, Section } from "./section.js";
import { MoodCurve } from "./mood.js";

export function Context() {
  const count = lines.value.filter((line) => line.kind === "customer").length;
  const { value, error } = usePart(context, count);
  if (error && !value) return html`<${Failure} error=${error} again=${context.load} />`;
  if (!value) return html`<${Waiting} rows=${6} />`;
  const { side } = words.value;
  return html`
    ${value.summary?.length > 0 && html`<${Section} title=${side.summary}>${sentences(value.summary).map((one) => html`<p key=${one} class="said">${one}</p>`)}<//>`}
    ${value.note && html`<${Section} title=${side.note}><p class="said marked">${value.note}</p><//>`}
    ${item.value.reason && html`<${Reasons} value=${value} />`}
    ${value.collected?.length > 0 && html`<${Section} title=${side.collected}><${Facts} pairs=${value.collected.map((one) => [one.name, one.value])} /><//>`}
    ${value.tried?.length > 0 && html`<${Section} title=${side.tried}><ol class="tried">${value.tried.map((one, number) => html`<li key=${number}>${one.text}</li>`)}</ol><//>`}
    ${value.sentiment?.length > 1 && html`<${Section} title=${side.mood}><${MoodCurve} moods=${value.sentiment} /><//>`}
    ${others.value.length > 0 && html`<${Section} title=${side.others}><${Others} /><//>`}
    ${isBare(value) && html`<${Empty} icon="spark" title=${side.nothingYet} text=${side.nothingYetHint} />`}
  `;
}

/** Why a person at all, and why this one: each reason says which of the two it is about. */
function Reasons({ value }) {
  const { side } = words.value;
  const given = value.handoff?.because ?? [];
  const said = (one) => one[locale.value] ?? one.en;
  const why = given.filter((one) => one.about !== "agent").map(said);
  const who = given.filter((one) => one.about === "agent").map(said);
  return html`
    <${Section} title=${side.why}><${List} all=${why.length ? why : [value.reason?.text ?? words.value.reason(item.value.reason)]} /><//>
    ${who.length > 0 && html`<${Section} title=${side.who}><${List} all=${who} /><//>`}
  `;
}

function List({ all }) {
  return html`<ul class="because">${all.map((one) => html`<li key=${one}>${one}</li>`)}</ul>`;
}

function sentences(summary) {
  return Array.isArray(summary) ? summary : [summary];
}

function isBare(value) {
  return !value.summary?.length && !item.value.reason && !value.collected?.length && !value.tried?.length;
}

function Others() {
  return html`
    <ul class="others">
      ${others.value.map(
        (one) => html`<li key=${one.conversation_id}><a href=${link("c", one.conversation_id)}><${ChannelMark} channel=${one.channel} /> <span class="muted small">${full(one.updated_at)}</span></a></li>`,
      )}
    </ul>
  `;
}
