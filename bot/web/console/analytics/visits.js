/* The visits behind a figure, newest first; each opens its conversation. */

import { useEffect, useState } from "preact/hooks";

import * as api from "../api.js";
import { html } from "../html.js";
import { link } from "../router.js";
import { words as said } from "../strings.js";
import { ChannelMark, LanguageMark } from "../ui/marks.js";
import { Failure, Waiting } from "../ui/states.js";
import { full } from "../ui/time.js";
import { asked, intentName, pageOf } from "./asking.js";
import { whole } from "./numbers.js";
import { words } from "./words.js";

export function VisitsPage({ figure }) {
  const [shown, setShown] = useState({ total: 0, visits: null });
  const [error, setError] = useState(null);
  const load = async () => {
    setError(null);
    const before = shown.visits ?? [];
    const page = await api.get("analytics/visits", { ...asked.value, figure, offset: before.length });
    setShown({ total: page.total, visits: [...before, ...page.visits] });
  };
  const begin = () => load().catch(setError);
  useEffect(() => void begin(), []);
  const { visits: names } = words.value;
  return html`
    <header class="page-head">
      <div>
        <p class="small"><a href=${pageOf()}>${names.back}</a></p>
        <h1>${titleOf(figure)}</h1>
        <p class="muted small" role="status">${shown.visits && names.count(whole(shown.total))}</p>
      </div>
    </header>
    ${error ? html`<${Failure} error=${error} again=${begin} />` : shown.visits ? html`<${List} visits=${shown.visits} />` : html`<${Waiting} rows=${8} />`}
    ${shown.visits && shown.visits.length < shown.total && html`<button class="button" type="button" onClick=${begin}>${names.more}</button>`}
  `;
}

function titleOf(figure) {
  const { visits: names, against } = words.value;
  const [name, value] = figure.split(":");
  if (name === "because") return names.because(against[value] ?? value);
  if (name === "reason") return names.reason(said.value.reason(value));
  if (name === "score") return names.score(value);
  return names.figures[name] ?? names.all;
}

function List({ visits }) {
  const { columns } = words.value.visits;
  return html`
    <section class="panel">
      <div class="scrolls" tabindex="0" role="region" aria-label=${words.value.visits.title}>
        <table class="figures visits">
          <thead><tr>${["began", "who", "topic", "messages", "outcome", "score"].map((head) => html`<th key=${head} scope="col">${columns[head]}</th>`)}</tr></thead>
          <tbody>${visits.map((visit) => html`<${Row} key=${`${visit.conversation_id} ${visit.turn}`} visit=${visit} />`)}</tbody>
        </table>
      </div>
    </section>
  `;
}

function Row({ visit }) {
  return html`
    <tr>
      <th scope="row"><a href=${link("c", visit.conversation_id)}>${full(visit.began_at)}</a></th>
      <td><${ChannelMark} channel=${visit.channel} /> <${LanguageMark} language=${visit.language} /></td>
      <td>${intentName(visit.intent) || words.value.none}</td>
      <td class="numbers">${whole(visit.messages)}</td>
      <td>${outcome(visit)}</td>
      <td>${visit.score && html`<b class="numbers">${visit.score}</b>`}${visit.comment && html` <q>${visit.comment}</q>`}</td>
    </tr>
  `;
}

function outcome({ against, is_settled, reasons, agents }) {
  const { visits: names, against: why } = words.value;
  const parts = [...reasons.map((reason) => said.value.reason(reason)), ...against.filter((one) => one !== "person").map((one) => why[one] ?? one)];
  if (agents.length) parts.push(names.with(agents.join(", ")));
  if (!parts.length) return is_settled ? names.contained : names.unsettled;
  return parts.join(" · ");
}
