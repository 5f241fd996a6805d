/* Dialogs: the browser's own modal element, which keeps the focus inside, closes on Escape and gives the focus back. */

import { signal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";

import { html } from "../html.js";
import { words } from "../strings.js";
import { Icon } from "./icons.js";
import { Toasts, dialogs } from "./toast.js";

/** What is asked now: a view that is handed `close`. */
const asked = signal(null);

/** Show `View`, and resolve to what it closed with (undefined when it was dismissed). */
export function ask(View, props = {}) {
  return new Promise((resolve) => {
    const close = (answer) => {
      if (asked.value === mine) asked.value = null; // the browser tells late of a closed one, when the next may be open
      resolve(answer);
    };
    const mine = { View, props: { ...props, close } };
    asked.value = mine;
  });
}

/** Resolves to true when the agent agreed. */
export function confirm({ title, text, yes, isDanger = false }) {
  return ask(Confirmation, { title, text, yes, isDanger });
}

export function Asked() {
  if (!asked.value) return null;
  const { View, props } = asked.value;
  return html`<${View} ...${props} />`;
}

export function Dialog({ title, close, children, isWide = false }) {
  const element = useRef(null);
  const id = useId();
  useEffect(() => {
    element.current.showModal();
    dialogs.value += 1;
    return () => (dialogs.value -= 1);
  }, []);
  const outside = (event) => event.target === element.current && close();
  return html`
    <dialog ref=${element} class=${isWide ? "wide" : ""} aria-labelledby=${id} onClose=${() => close()} onMouseDown=${outside}>
      <header>
        <h2 id=${id}>${title}</h2>
        <button class="button plain square tight" type="button" aria-label=${words.value.close} onClick=${() => close()}>
          <${Icon} name="close" />
        </button>
      </header>
      ${children}
      <${Toasts} isInDialog />
    </dialog>
  `;
}

function Confirmation({ title, text, yes, isDanger, close }) {
  return html`
    <${Dialog} title=${title} close=${close}>
      <p class="said">${text}</p>
      <footer>
        <button class="button" type="button" onClick=${() => close()}>${words.value.cancel}</button>
        <button class=${`button ${isDanger ? "danger" : "primary"}`} type="button" autofocus onClick=${() => close(true)}>
          ${yes}
        </button>
      </footer>
    <//>
  `;
}
