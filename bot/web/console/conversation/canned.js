/* Replies kept ready: "/" at the beginning of a reply opens them, what follows narrows them down. */

import { computed, effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import * as api from "../api.js";
import { html } from "../html.js";
import { openId } from "../store/conversation.js";
import { change, draft, inserted } from "../store/drafts.js";
import { words } from "../strings.js";

const MOST = 7;
const known = signal([]);
const at = signal(0);

const wanted = computed(() => /^\/([^\s/]*)$/.exec(draft.value.text)?.[1].toLowerCase() ?? null);
export const isCannedOpen = computed(() => wanted.value !== null && draft.value.mode === "reply");
const found = computed(() => {
  const search = wanted.value ?? "";
  const rank = (one) => (one.shortcut.toLowerCase().startsWith(search) ? 0 : 1);
  return known.value
    .filter((one) => `${one.shortcut} ${one.title} ${one.text}`.toLowerCase().includes(search))
    .sort((one, other) => rank(one) - rank(other))
    .slice(0, MOST);
});
effect(() => {
  void wanted.value;
  at.value = 0;
});

export function Canned() {
  const id = openId.value;
  useEffect(() => void api.get("canned", { conversation_id: id }).then((replies) => (known.value = replies), () => {}), [id, isCannedOpen.value]);
  if (!isCannedOpen.value) return null;
  const { canned, noCanned } = words.value.composer;
  return html`
    <div class="canned" id="canned" role="listbox" aria-label=${canned}>
      ${found.value.map(
        (one, number) => html`
          <button key=${one.id} class=${number === at.value ? "here" : ""} type="button" role="option" aria-selected=${number === at.value} tabindex="-1" onMouseDown=${(event) => event.preventDefault()} onClick=${() => choose(one)}>
            <kbd>/${one.shortcut}</kbd><span class="text"><strong>${one.title}</strong> <span class="muted">${one.text}</span></span>
          </button>
        `,
      )}
      ${found.value.length === 0 && html`<p class="muted small" role="option" aria-selected="false">${noCanned}</p>`}
    </div>
    <p class="quiet" role="status">${found.value[at.value]?.title ?? noCanned}</p>
  `;
}

function choose(reply) {
  change({ text: reply.text });
  inserted.value = { id: String(reply.id), source: "canned", text: reply.text };
}

/** True when the list has taken the key. */
export function cannedKey(event) {
  if (!isCannedOpen.value) return false;
  const count = found.value.length;
  if (event.key === "Escape") change({ text: "" });
  else if (!count) return false;
  else if (event.key === "ArrowDown") at.value = (at.value + 1) % count;
  else if (event.key === "ArrowUp") at.value = (at.value + count - 1) % count;
  else if (event.key === "Enter" || event.key === "Tab") choose(found.value[at.value]);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}
