/* How customers rated, from five down to one. */

import { html } from "../html.js";
import { behind } from "./asking.js";
import { Counts } from "./reasons.js";
import { words } from "./words.js";

export function Scores({ satisfaction }) {
  const { scores } = words.value;
  const rows = satisfaction.scores.map((count, place) => ({ key: place + 1, name: scores.stars(place + 1), count, href: behind(`score:${place + 1}`) })).reverse();
  return html`
    <section class="panel">
      <h2>${scores.title}</h2>
      ${satisfaction.answered.count
        ? html`<${Counts} rows=${rows} mark=${1} title=${scores.title} /><p class="after"><a href=${behind("commented")}>${scores.comments}</a></p>`
        : html`<p class="muted">${scores.none}</p>`}
    </section>
  `;
}
