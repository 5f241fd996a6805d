/* What all charts share: a caption, a table instead of the picture for whoever prefers it, and the picture's true width. */

import { useEffect, useRef, useState } from "preact/hooks";

import { html } from "../../html.js";
import { words } from "../words.js";

export const HEIGHT = 190;
export const MARGIN = { top: 10, right: 12, bottom: 24, left: 40 };

/** `columns`: [{ name, cells }] with a cell for each of `heads`. */
export function Frame({ title, hint, heads, headName, columns, children }) {
  const [isTable, setTable] = useState(false);
  const { showTable, showChart } = words.value;
  return html`
    <figure class="chart">
      <figcaption>
        <div><h2>${title}</h2>${hint && html`<p class="muted tiny">${hint}</p>`}</div>
        <button class="button plain tight" type="button" aria-pressed=${isTable} onClick=${() => setTable(!isTable)}>${isTable ? showChart : showTable}</button>
      </figcaption>
      ${isTable ? html`<${Table} title=${title} heads=${heads} headName=${headName} columns=${columns} />` : children}
    </figure>
  `;
}

function Table({ title, heads, headName, columns }) {
  return html`
    <div class="scrolls" tabindex="0" role="region" aria-label=${title}>
      <table class="figures">
        <thead><tr><th scope="col">${headName}</th>${columns.map(({ name }) => html`<th key=${name} scope="col">${name}</th>`)}</tr></thead>
        <tbody>
          ${heads.map((head, row) => html`<tr key=${head}><th scope="row">${head}</th>${columns.map(({ name, cells }) => html`<td key=${name}>${cells[row]}</td>`)}</tr>`)}
        </tbody>
      </table>
    </div>
  `;
}

/** The width of the element that holds the returned ref, as it changes. */
export function useWidth() {
  const holder = useRef(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    watch.observe(holder.current);
    return () => watch.disconnect();
  }, []);
  return [holder, width];
}

/** The day that is pointed at, by mouse, finger or arrow keys: `[index or null, handlers for the picture]`. A click or Enter
 * opens it, where there is an `open`. */
export function usePointer(count, placeOf, open = null) {
  const [at, setAt] = useState(null);
  const keys = { ArrowRight: (now) => Math.min(count - 1, (now ?? -1) + 1), ArrowLeft: (now) => Math.max(0, (now ?? count) - 1), Home: () => 0, End: () => count - 1, Escape: () => null };
  const handlers = {
    onPointerMove: (event) => setAt(placeOf(event.clientX - event.currentTarget.getBoundingClientRect().left)),
    onPointerLeave: () => setAt(null),
    onBlur: () => setAt(null),
    onClick: () => open && at !== null && at < count && open(at),
    onKeyDown: (event) => {
      if (event.key === "Enter" && open && at !== null) open(at);
      if (!(event.key in keys)) return;
      event.preventDefault();
      setAt(keys[event.key](at));
    },
  };
  return [at !== null && at < count ? at : null, handlers];
}

/** What is pointed at, in words. It is always there, so that a screen reader hears each change. */
export function Told({ head, parts, hint }) {
  return html`
    <p class="reading small" role="status">
      ${head ? html`<strong>${head}</strong>${parts.map(({ name, value, mark }) => html`<span key=${name}>${mark && html`<${Mark} number=${mark} />`}${name} <b class="numbers">${value}</b></span>`)}` : html`<span class="muted">${hint}</span>`}
    </p>
  `;
}

export function Mark({ number }) {
  return html`<svg class="mark" viewBox="0 0 12 12" aria-hidden="true"><rect class=${`fill-${number}`} width="12" height="12" rx="3" /></svg>`;
}

/** Round numbers from nought up to at least `most`. */
export function ticks(most, count = 4) {
  if (!(most > 0)) return [0, 1];
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, number) => number * step);
}

/** Which of these days get their name under the picture: as many as have room. */
export function named(heads, width) {
  const room = Math.max(...heads.map(breadth)) + 20;
  const every = Math.max(1, Math.ceil((heads.length * room) / Math.max(width, 1)));
  return heads.map((_, place) => place).filter((place) => place % every === 0);
}

/** About how many pixels a word takes; Chinese signs are twice as broad. */
function breadth(word) {
  return [...word].reduce((sum, sign) => sum + (sign > "\u2e80" ? 11 : 6), 0);
}
