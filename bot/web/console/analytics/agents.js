/* What each person carries, and how customers found it. */

import { html } from "../html.js";
import { behind } from "./asking.js";
import { percent, time, whole } from "./numbers.js";
import { words } from "./words.js";

export function Agents({ agents }) {
  const said = words.value.agents;
  return html`
    <section class="panel">
      <h2>${said.title}</h2>
      ${agents.length
        ? html`
            <div class="scrolls" tabindex="0" role="region" aria-label=${said.title}>
              <table class="figures">
                <thead><tr>${["name", "open", "handled", "answers", "settles", "satisfaction", "rated"].map((head) => html`<th key=${head} scope="col">${said[head]}</th>`)}</tr></thead>
                <tbody>${agents.map((agent) => html`<${Row} key=${agent.id} agent=${agent} />`)}</tbody>
              </table>
            </div>
          `
        : html`<p class="muted">${said.none}</p>`}
    </section>
  `;
}

function Row({ agent }) {
  const { satisfied, answered } = agent.satisfaction;
  return html`
    <tr>
      <th scope="row"><a href=${behind("handed_over", { agent: agent.id })}>${agent.name}</a></th>
      <td class="numbers">${whole(agent.open)}</td>
      <td class="numbers">${whole(agent.handled)}</td>
      <td class="numbers">${time(agent.first_answer.median)}</td>
      <td class="numbers">${time(agent.settles_in.median)}</td>
      <td class="numbers">${percent(satisfied.share)}</td>
      <td class="numbers">${whole(answered.count)} / ${whole(answered.of)}</td>
    </tr>
  `;
}
