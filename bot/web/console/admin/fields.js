/* Fields of the administrators' forms, and a table that scrolls where there is no room. */

import { html } from "../html.js";

export function TextField({ name, label, hint, isLong = false, ...input }) {
  const about = hint ? `admin-${name}-hint` : undefined;
  const element = isLong ? html`<textarea id=${`admin-${name}`} name=${name} rows="3" aria-describedby=${about} ...${input}></textarea>` : html`<input id=${`admin-${name}`} name=${name} aria-describedby=${about} ...${input} />`;
  return html`
    <div class="field">
      <label for=${`admin-${name}`}>${label}</label>
      ${element}
      ${hint && html`<p class="muted tiny" id=${about}>${hint}</p>`}
    </div>
  `;
}

/** `options`: [[value, words]] */
export function SelectField({ name, label, value, options, ...select }) {
  return html`
    <div class="field">
      <label for=${`admin-${name}`}>${label}</label>
      <select id=${`admin-${name}`} name=${name} ...${select}>${options.map(([key, text]) => html`<option key=${key} value=${key} selected=${key === value}>${text}</option>`)}</select>
    </div>
  `;
}

export function Sheet({ title, heads, children }) {
  return html`
    <div class="scrolls" tabindex="0" role="region" aria-label=${title}>
      <table class="figures">
        <thead><tr>${heads.map((head, place) => html`<th key=${place} scope="col">${head}</th>`)}</tr></thead>
        <tbody>${children}</tbody>
      </table>
    </div>
  `;
}
