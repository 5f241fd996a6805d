/* A short bar in a table's cell: the number says it, the bar lets one compare. */

import { html } from "../../html.js";

const LENGTH = 100;

/** `share` of the whole length; `low` and `high` draw the interval as a thin line. */
export function Bar({ share, low = null, high = null, mark = 1 }) {
  if (share == null) return null;
  return html`
    <svg class="bar" viewBox=${`0 0 ${LENGTH} 10`} preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" width=${LENGTH} height="10" rx="2" />
      <rect class=${`fill-${mark}`} width=${Math.max(share * LENGTH, share > 0 ? 1 : 0)} height="10" rx="2" />
      ${low !== null && html`<rect class="interval" x=${low * LENGTH} y="4" width=${Math.max((high - low) * LENGTH, 0.5)} height="2" />`}
    </svg>
  `;
}
