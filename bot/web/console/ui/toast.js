/* Short messages in the corner. They go by themselves; a failure stays long enough to be read twice. */

import { signal } from "@preact/signals";

import { html } from "../html.js";
import { words } from "../strings.js";
import { Icon } from "./icons.js";

const SECONDS = { good: 4, warn: 10, bad: 20 };
const shown = signal([]);
/** How many dialogs are open. What lies outside of one cannot be read or clicked, so toasts are shown inside. */
export const dialogs = signal(0);
let last = 0;

export function toast(text, { kind = "good", detail = "" } = {}) {
  const id = (last += 1);
  const others = shown.value.filter((one) => one.text !== text);
  shown.value = [...others, { id, text, detail, kind }].slice(-4);
  setTimeout(() => drop(id), SECONDS[kind] * 1000);
}

/** Do it, and say in the agent's words why it could not be done. Resolves to undefined then. */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    complain(error);
    return undefined;
  }
}

export function complain(error) {
  const { title, detail } = words.value.failure(error);
  toast(title, { kind: "bad", detail });
}

function drop(id) {
  shown.value = shown.value.filter((one) => one.id !== id);
}

/** Of the page, and of the dialog that is open. */
export function Toasts({ isInDialog = false }) {
  if (isInDialog !== dialogs.value > 0) return null;
  return html`
    <div class="toasts" role="status" aria-live="polite">
      ${shown.value.map(
        (one) => html`
          <div key=${one.id} class=${`toast ${one.kind}`}>
            <${Icon} name=${one.kind === "bad" ? "alert" : "check"} />
            <div>
              <strong>${one.text}</strong>
              ${one.detail && html`<p>${one.detail}</p>`}
            </div>
            <button class="button plain square tight" type="button" aria-label=${words.value.close} onClick=${() => drop(one.id)}>
              <${Icon} name="close" />
            </button>
          </div>
        `,
      )}
    </div>
  `;
}
