/* The page of figures, from the whole to its parts. */

import { useState } from "preact/hooks";

import { html } from "../html.js";
import { Empty, Failure, Waiting } from "../ui/states.js";
import { Agents } from "./agents.js";
import { asked } from "./asking.js";
import { Breakdown } from "./breakdown.js";
import { Cards } from "./cards.js";
import { Days } from "./days.js";
import { FilterBar } from "./filters.js";
import { Formula } from "./formula.js";
import { Gaps } from "./gaps.js";
import { useLoaded } from "./loaded.js";
import { Reasons } from "./reasons.js";
import { Scores } from "./scores.js";
import { words } from "./words.js";

export function Overview() {
  const [by, setBy] = useState("intent");
  const { data, error, again } = useLoaded("analytics", { ...asked.value, by });
  return html`
    <header class="page-head">
      <div>
        <h1>${words.value.title}</h1>
        ${data && html`<p class="muted small">${words.value.subtitle(data.first, data.last, data.time_zone)}</p>`}
      </div>
      <${FilterBar} choices=${data?.choices} first=${data?.first} last=${data?.last} />
    </header>
    ${error ? html`<${Failure} error=${error} again=${again} />` : data ? html`<${Figures} data=${data} by=${by} setBy=${setBy} />` : html`<${Waiting} rows=${9} />`}
  `;
}

function Figures({ data, by, setBy }) {
  const { title, text } = words.value.nothing;
  if (!data.totals.visits) return html`<${Empty} icon="analytics" title=${title} text=${text} />`;
  return html`
    <${Cards} totals=${data.totals} />
    <${Days} days=${data.days} />
    <div class="panels">
      <${Reasons} reasons=${data.reasons} against=${data.against} />
      <${Scores} satisfaction=${data.totals.satisfaction} />
    </div>
    <${Breakdown} groups=${data.groups} by=${by} setBy=${setBy} />
    <${Gaps} />
    <${Agents} agents=${data.agents} />
    <${Formula} hours=${data.return_hours} />
  `;
}
