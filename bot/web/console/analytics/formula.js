/* How the figures come about: whoever is judged by a number may know what it counts. */

import { html } from "../html.js";
import { ask } from "./asking.js";
import { words } from "./words.js";

const HOURS = [12, 24, 48, 72, 168];

export function Formula({ hours }) {
  const { formula } = words.value;
  return html`
    <details class="panel formula">
      <summary>${formula.title}</summary>
      <ul>${formula.points(hours).map((point) => html`<li key=${point}>${point}</li>`)}</ul>
      <div class="inline-field">
        <label for="return-hours">${formula.hours}</label>
        <select id="return-hours" onChange=${(event) => ask({ return_hours: event.target.value })}>
          ${HOURS.map((each) => html`<option key=${each} value=${each} selected=${each === hours}>${each}</option>`)}
        </select>
      </div>
    </details>
  `;
}
