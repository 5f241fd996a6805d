/* A share by day, with the band in which the true one lies. Days without any are left out, not drawn as nought. */

import { html } from "../../html.js";
import { interval, percent } from "../numbers.js";
import { words } from "../words.js";
import { Axes, heightOf } from "./axes.js";
import { Frame, HEIGHT, MARGIN, Told, usePointer, useWidth } from "./frame.js";

const MARKS = [0, 0.25, 0.5, 0.75, 1];

/** `shares`: [{ share, low, high, count, of }] by day. */
export function ShareLine({ title, hint, name, headName, heads, fullHeads, shares, told, open = null }) {
  const columns = [
    { name, cells: shares.map(({ share }) => percent(share)) },
    { name: "95 %", cells: shares.map((share) => interval(share) || "–") },
  ];
  return html`
    <${Frame} title=${title} hint=${hint} heads=${fullHeads} headName=${headName} columns=${columns}>
      <${Picture} title=${title} name=${name} heads=${heads} fullHeads=${fullHeads} shares=${shares} told=${told} open=${open} />
    <//>
  `;
}

function Picture({ title, name, heads, fullHeads, shares, told, open = null }) {
  const [holder, width] = useWidth();
  const y = heightOf(1);
  const inner = Math.max(width - MARGIN.left - MARGIN.right, 0);
  const x = (place) => MARGIN.left + (heads.length > 1 ? (inner * place) / (heads.length - 1) : inner / 2);
  const [at, pointing] = usePointer(heads.length, (left) => Math.max(0, Math.round(((left - MARGIN.left) / Math.max(inner, 1)) * (heads.length - 1))), open);
  const known = shares.map((share, place) => ({ ...share, place })).filter(({ share }) => share !== null);
  const parts = at === null ? [] : [{ name, value: percent(shares[at].share) }, ...(shares[at].share === null ? [] : [{ name: told(shares[at]), value: interval(shares[at]) }])];
  return html`
    <div class="plot" ref=${holder}>
      ${width > 0 &&
      html`
        <svg class=${open ? "opens" : ""} width=${width} height=${HEIGHT} role="img" aria-label=${title} tabindex="0" ...${pointing}>
          <${Axes} width=${width} marks=${MARKS} y=${y} format=${percent} heads=${heads} x=${x} />
          ${known.length > 1 && html`<path class="band" d=${band(known, x, y)} /><path class="share" d=${path(known.map(({ place, share }) => [x(place), y(share)]))} />`}
          ${known.map(({ place, share }) => html`<circle key=${place} class="point" cx=${x(place)} cy=${y(share)} r=${at === place ? 5 : 2.5} />`)}
          ${at !== null && html`<line class="pointer" x1=${x(at)} x2=${x(at)} y1=${MARGIN.top} y2=${HEIGHT - MARGIN.bottom} />`}
        </svg>
      `}
    </div>
    <${Told} head=${at === null ? "" : fullHeads[at]} parts=${parts} hint=${open ? words.value.openHint : words.value.keyHint} />
  `;
}

function band(known, x, y) {
  const above = known.map(({ place, high }) => [x(place), y(high)]);
  const below = known.map(({ place, low }) => [x(place), y(low)]).reverse();
  return `${path([...above, ...below])}Z`;
}

function path(points) {
  return points.map(([left, top], number) => `${number ? "L" : "M"}${left.toFixed(1)} ${top.toFixed(1)}`).join("");
}
