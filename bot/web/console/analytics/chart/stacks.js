/* A bar for each day, in parts that stand on each other. */

import { html } from "../../html.js";
import { words } from "../words.js";
import { Axes, heightOf } from "./axes.js";
import { Frame, HEIGHT, MARGIN, Mark, Told, ticks, usePointer, useWidth } from "./frame.js";
import { whole } from "../numbers.js";

const GAP = 0.22;

/** `series`: [{ name, values, mark }], the lowest first; `mark` is its colour's number. */
export function Stacks({ title, headName, heads, fullHeads, series, open = null }) {
  const columns = series.map(({ name, values }) => ({ name, cells: values.map(whole) }));
  return html`
    <${Frame} title=${title} heads=${fullHeads} headName=${headName} columns=${columns}>
      <ul class="legend small">${series.map(({ name, mark }) => html`<li key=${name}><${Mark} number=${mark} />${name}</li>`)}</ul>
      <${Picture} title=${title} heads=${heads} fullHeads=${fullHeads} series=${series} open=${open} />
    <//>
  `;
}

function Picture({ title, heads, fullHeads, series, open = null }) {
  const [holder, width] = useWidth();
  const sums = heads.map((_, place) => series.reduce((sum, { values }) => sum + values[place], 0));
  const marks = ticks(Math.max(...sums, 1)).filter(Number.isInteger);
  const y = heightOf(marks.at(-1));
  const slot = Math.max(width - MARGIN.left - MARGIN.right, 0) / Math.max(heads.length, 1);
  const [at, pointing] = usePointer(heads.length, (x) => Math.floor((x - MARGIN.left) / slot), open);
  const parts = at === null ? [] : series.map(({ name, values, mark }) => ({ name, mark, value: whole(values[at]) }));
  return html`
    <div class="plot" ref=${holder}>
      ${width > 0 &&
      html`
        <svg class=${open ? "opens" : ""} width=${width} height=${HEIGHT} role="img" aria-label=${title} tabindex="0" ...${pointing}>
          <${Axes} width=${width} marks=${marks} y=${y} format=${whole} heads=${heads} x=${(place) => MARGIN.left + slot * (place + 0.5)} />
          ${at !== null && html`<rect class="pointed" x=${MARGIN.left + slot * at} y=${MARGIN.top} width=${slot} height=${HEIGHT - MARGIN.top - MARGIN.bottom} />`}
          ${heads.map((head, place) => html`<${Bar} key=${head} place=${place} series=${series} y=${y} left=${MARGIN.left + slot * (place + GAP / 2)} width=${Math.max(slot * (1 - GAP), 1)} />`)}
        </svg>
      `}
    </div>
    <${Told} head=${at === null ? "" : fullHeads[at]} parts=${parts} hint=${open ? words.value.openHint : words.value.keyHint} />
  `;
}

function Bar({ place, series, y, left, width }) {
  let below = 0;
  return series.map(({ name, values, mark }) => {
    const [bottom, top] = [below, (below += values[place])];
    const height = y(bottom) - y(top);
    return height > 0 && html`<rect key=${name} class=${`fill-${mark}`} x=${left} y=${y(top)} width=${width} height=${Math.max(height - 1, 1)} rx=${Math.min(3, width / 3)} />`;
  });
}
