/* How the mood went, as a small curve; the same is said in words for those who don't see it. */

import { html } from "../html.js";
import { words } from "../strings.js";

const WIDTH = 264;
const HEIGHT = 56;
const MARGIN = 6;

export function MoodCurve({ moods }) {
  const shown = moods.slice(-30);
  const points = shown.map(({ score }, number) => [
    MARGIN + (number * (WIDTH - 2 * MARGIN)) / Math.max(1, shown.length - 1),
    HEIGHT / 2 - score * (HEIGHT / 2 - MARGIN),
  ]);
  const [x, y] = points.at(-1);
  const { side, moods: names } = words.value;
  const [first, last] = [shown[0], shown.at(-1)];
  const [began, is] = [first, last].map(({ label }) => names[label] ?? label);
  const hasWavered = began === is && shown.some(({ label }) => label !== last.label);
  const said = hasWavered ? side.moodWavered(is) : side.moodWent(began, is);
  return html`
    <figure class="curve">
      <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${said}>
        <line x1="0" x2=${WIDTH} y1=${HEIGHT / 2} y2=${HEIGHT / 2} />
        <polyline points=${points.map((point) => point.map((value) => value.toFixed(1)).join(",")).join(" ")} />
        <circle class=${last.label} cx=${x} cy=${y} r="4" />
      </svg>
      <figcaption class="muted tiny">${said}</figcaption>
    </figure>
  `;
}
