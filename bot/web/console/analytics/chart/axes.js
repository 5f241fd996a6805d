/* The lines and numbers behind a picture, and its days beneath. */

import { html } from "../../html.js";
import { HEIGHT, MARGIN, named } from "./frame.js";

export function Axes({ width, marks, y, format, heads, x }) {
  return html`
    <g aria-hidden="true">
      ${marks.map((mark) => html`<g key=${mark}><line class="grid" x1=${MARGIN.left} x2=${width - MARGIN.right} y1=${y(mark)} y2=${y(mark)} /><text class="axis" x=${MARGIN.left - 8} y=${y(mark)} text-anchor="end" dominant-baseline="middle">${format(mark)}</text></g>`)}
      ${named(heads, width - MARGIN.left).map((place) => html`<text key=${place} class="axis" x=${x(place)} y=${HEIGHT - 6} text-anchor=${place === 0 ? "start" : "middle"}>${heads[place]}</text>`)}
    </g>
  `;
}

/** From a value to its height in the picture; `most` is at the top. */
export function heightOf(most) {
  const inner = HEIGHT - MARGIN.top - MARGIN.bottom;
  return (value) => MARGIN.top + inner * (1 - value / most);
}
