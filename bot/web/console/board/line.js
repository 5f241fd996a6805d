/* Who waits, the longest first. */

import { html } from "../html.js";
import { link } from "../router.js";
import { words as said } from "../strings.js";
import { ChannelMark, LanguageMark } from "../ui/marks.js";
import { since } from "../ui/time.js";
import { words } from "./words.js";

const SHOWN = 20;

export function Line({ waiting, nameOf }) {
  const { queue } = words.value;
  return html`
    <section class="panel">
      <h2>${queue.title}</h2>
      ${waiting.length
        ? html`
            <div class="scrolls" tabindex="0" role="region" aria-label=${queue.title}>
              <table class="figures">
                <thead><tr>${["customer", "reason", "since", "to"].map((head) => html`<th key=${head} scope="col">${queue[head]}</th>`)}</tr></thead>
                <tbody>${waiting.slice(0, SHOWN).map((one) => html`<${Row} key=${one.conversation_id} one=${one} nameOf=${nameOf} />`)}</tbody>
              </table>
            </div>
          `
        : html`<p class="muted">${queue.none}</p>`}
    </section>
  `;
}

function Row({ one, nameOf }) {
  const { queue } = words.value;
  return html`
    <tr>
      <th scope="row"><${ChannelMark} channel=${one.channel} /> <${LanguageMark} language=${one.language} /> <a href=${link("c", one.conversation_id)}>${nameOf(one.intent) || queue.open}</a></th>
      <td>${said.value.reason(one.reason)}</td>
      <td><b class=${`numbers ${one.is_late ? "is-late" : ""}`}>${since(one.since)}</b>${one.is_late && html` <span class="chip bad">${queue.late}</span>`}${one.is_escalated && html` <span class="chip warn">${queue.escalated}</span>`}</td>
      <td>${one.offered_to ?? queue.nobody}</td>
    </tr>
  `;
}
