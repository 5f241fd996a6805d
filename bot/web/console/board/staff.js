/* Who is here, and how much each has in hand. */

import { Bar } from "../analytics/chart/bar.js";
import { html } from "../html.js";
import { words as said } from "../strings.js";
import { words } from "./words.js";

const TONES = { online: "good", away: "warn", offline: "" };

export function Staff({ agents }) {
  const { staff } = words.value;
  return html`
    <section class="panel">
      <h2>${staff.title}</h2>
      ${agents.length
        ? html`
            <div class="scrolls" tabindex="0" role="region" aria-label=${staff.title}>
              <table class="figures">
                <thead><tr>${["name", "presence", "hands", "wrapup", "snoozed"].map((head) => html`<th key=${head} scope="col">${staff[head]}</th>`)}</tr></thead>
                <tbody>${agents.map((agent) => html`<${Row} key=${agent.id} agent=${agent} />`)}</tbody>
              </table>
            </div>
          `
        : html`<p class="muted">${staff.none}</p>`}
    </section>
  `;
}

function Row({ agent }) {
  const presence = agent.is_present ? "online" : agent.presence === "away" ? "away" : "offline";
  return html`
    <tr>
      <th scope="row">${agent.name} <span class="muted tiny">${said.value.roles[agent.role]}</span></th>
      <td><span class=${`dot ${TONES[presence]}`}></span> ${said.value.presences[presence]}</td>
      <td><span class="with-bar"><${Bar} share=${Math.min((agent.agent + agent.wrapup) / Math.max(agent.capacity, 1), 1)} mark=${2} /><b class="numbers">${words.value.staff.of(agent.agent, agent.capacity)}</b></span></td>
      <td class="numbers">${agent.wrapup}</td>
      <td class="numbers">${agent.snoozed}</td>
    </tr>
  `;
}
