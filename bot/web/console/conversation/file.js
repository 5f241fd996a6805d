/* A file that somebody sent: an image is seen, anything else is named with its kind and size. */

import { html } from "../html.js";
import { words } from "../strings.js";
import { Icon } from "../ui/icons.js";

const UNITS = ["B", "kB", "MB", "GB"];

export function File({ file }) {
  const { files } = words.value;
  if (file.status && file.status !== "stored") {
    return html`<p class="file"><${Icon} name="attach" /><span>${file.name}</span><span class="chip">${files[file.status]}</span></p>`;
  }
  if (file.kind === "image" && file.url) {
    return html`<a class="picture" href=${file.url} target="_blank" rel="noopener"><img src=${inline(file.url)} alt=${file.name || files.image} loading="lazy" /></a>`;
  }
  const name = file.name || files[file.kind];
  return html`
    <a class="file" href=${file.url ?? undefined} download=${file.name || true}>
      <${Icon} name="attach" /><span class="name">${name}</span><span class="muted tiny">${size(file.size)}</span>
    </a>
  `;
}

function inline(url) {
  return url + (url.includes("?") ? "&" : "?") + "inline=1";
}

export function size(bytes) {
  if (!bytes) return "";
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log(bytes) / Math.log(1000)));
  const amount = bytes / 1000 ** step;
  return `${amount < 10 && step ? amount.toFixed(1) : Math.round(amount)} ${UNITS[step]}`;
}
