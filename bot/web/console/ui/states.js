/* What stands where there is nothing to show: nothing yet, nothing at all, or a failure with its way out. */

import { html } from "../html.js";
import { words } from "../strings.js";
import { Icon } from "./icons.js";

export function Empty({ icon, title, text }) {
  return html`
    <div class="empty">
      <${Icon} name=${icon} />
      <h2>${title}</h2>
      ${text && html`<p>${text}</p>`}
    </div>
  `;
}

export function Failure({ error, again }) {
  const { title, detail } = words.value.failure(error);
  return html`
    <div class="empty" role="alert">
      <${Icon} name="alert" />
      <h2>${title}</h2>
      <p>${detail}</p>
      ${again && html`<button class="button" type="button" onClick=${again}>${words.value.tryAgain}</button>`}
    </div>
  `;
}

/** Grey lines in the shape of what is coming. */
export function Waiting({ rows = 3 }) {
  return html`<div class="waiting" role="status" aria-label=${words.value.loading}>${Array.from({ length: rows }, (_, key) => html`<i key=${key} />`)}</div>`;
}
