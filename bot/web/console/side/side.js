/* What is known beside a conversation, in four parts that are loaded when they are looked at. */

import { signal } from "@preact/signals";

import { html } from "../html.js";
import { item } from "../store/conversation.js";
import { isSideOpen } from "../store/preferences.js";
import { words } from "../strings.js";
import { Icon } from "../ui/icons.js";
import { Articles } from "./articles.js";
import { Context } from "./context.js";
import { Orders } from "./orders.js";
import { Profile } from "./profile.js";

const PARTS = { context: Context, profile: Profile, orders: Orders, articles: Articles };
const part = signal("context");

export function Side() {
  const { parts, title } = words.value.side;
  const Part = PARTS[part.value];
  return html`
    <section class="side" aria-label=${title}>
      <h2 class="quiet">${title}</h2>
      <div class="parts">
        <div role="tablist" aria-label=${title} onKeyDown=${move}>
          ${Object.keys(PARTS).map(
            (one) => html`
              <button key=${one} id=${`part-${one}`} class="tab" type="button" role="tab" aria-selected=${one === part.value} aria-controls="part" tabindex=${one === part.value ? 0 : -1} onClick=${() => (part.value = one)}>
                ${parts[one]}
              </button>
            `,
          )}
        </div>
        <button class="button plain square tight only-narrow" type="button" aria-label=${words.value.close} onClick=${() => (isSideOpen.value = false)}><${Icon} name="close" /></button>
      </div>
      <div class="part" id="part" role="tabpanel" aria-labelledby=${`part-${part.value}`} tabindex="0">${item.value && html`<${Part} key=${part.value} />`}</div>
    </section>
  `;
}

function move(event) {
  const names = Object.keys(PARTS);
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  part.value = names.at((names.indexOf(part.value) + step) % names.length);
  document.getElementById(`part-${part.value}`).focus();
}
