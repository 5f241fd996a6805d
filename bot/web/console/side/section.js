/* What the parts of the side are made of. */

import { html } from "../html.js";

/** A part of a part, under its own small heading. */
export function Section({ title, children }) {
  return html`<section class="section"><h3>${title}</h3>${children}</section>`;
}

/** Pairs of a name and a value; those without a value are left out. */
export function Facts({ pairs }) {
  const known = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return html`<dl class="facts">${known.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
