/* A button that opens a small list: arrows move, Escape and a click elsewhere close it. */

import { useEffect, useRef, useState } from "preact/hooks";

import { html } from "../html.js";

/** `choices`: [{ label, hint, isChosen, pick }]; `null` draws a line. */
export function Menu({ label, title = "", choices, kind = "plain", opens = "down", children }) {
  const [isOpen, setOpen] = useState(false);
  const box = useRef(null);
  const close = (takesFocus = true) => {
    setOpen(false);
    if (takesFocus) box.current?.querySelector("button").focus();
  };
  useEffect(() => {
    if (!isOpen) return undefined;
    box.current.querySelector("[role^=menuitem]")?.focus();
    const leave = (event) => box.current && !box.current.contains(event.target) && close(false);
    document.addEventListener("mousedown", leave);
    return () => document.removeEventListener("mousedown", leave);
  }, [isOpen]);
  const pick = (choice) => {
    close();
    choice.pick();
  };
  return html`
    <div class="menu" ref=${box} onKeyDown=${(event) => isOpen && onKey(event, box.current, close)}>
      <button class=${`button ${kind}`} type="button" title=${title || label} aria-label=${label} aria-haspopup="menu" aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>
        ${children}
      </button>
      ${isOpen &&
      html`
        <div class=${`list ${opens}`} role="menu" aria-label=${label}>
          ${choices.map((choice, number) =>
            choice
              ? html`
                  <button key=${choice.label} type="button" role=${"isChosen" in choice ? "menuitemradio" : "menuitem"} aria-checked=${choice.isChosen} tabindex="-1" onClick=${() => pick(choice)}>
                    <span>${choice.label}</span>
                    ${choice.hint && html`<span class="muted tiny">${choice.hint}</span>`}
                  </button>
                `
              : html`<hr key=${number} />`,
          )}
        </div>
      `}
    </div>
  `;
}

function onKey(event, box, close) {
  const items = [...box.querySelectorAll("[role^=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
  if (event.key in moves) items.at(moves[event.key] % items.length)?.focus();
  else if (event.key === "Escape") close();
  else if (event.key === "Tab") return close(false);
  else return undefined;
  event.preventDefault();
  return event.stopPropagation();
}
