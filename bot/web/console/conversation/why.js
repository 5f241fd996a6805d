/* Why the bot said this: asked for by a click, in sentences first, with figures beside them; and putting it right. */

import { signal } from "@preact/signals";
import { useEffect, useId, useRef, useState } from "preact/hooks";

import * as api from "../api.js";
import { html } from "../html.js";
import { openId } from "../store/conversation.js";
import { words } from "../strings.js";
import { ask } from "../ui/dialog.js";
import { Icon } from "../ui/icons.js";
import { Waiting } from "../ui/states.js";
import { complain } from "../ui/toast.js";
import { Teach } from "./teach.js";

/** Why it took a message for an answer to what it had asked, or tried to. */
const ANSWERS = ["answered", "not_taken", "not_an_answer", "check_failed", "refused"];

/** How the bot's intents are called, in the agent's language; loaded with the first answer. */
export const titles = signal({});

export function Why({ turn }) {
  const [told, setTold] = useState(null);
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const box = useRef(null);
  useEffect(() => void (isOpen && box.current.scrollIntoView({ block: "nearest" })), [isOpen, told]);
  const load = () => reasons(turn).then(setTold, (error) => (setOpen(false), complain(error)));
  const toggle = () => {
    setOpen(!isOpen);
    if (!isOpen) load();
  };
  return html`
    <div class="why" ref=${box}>
      <button class="button plain tight" type="button" aria-expanded=${isOpen} aria-controls=${id} onClick=${toggle}>
        <${Icon} name="help" />${words.value.why.ask}
      </button>
      <div id=${id} hidden=${!isOpen}>${isOpen && (told ? html`<${Told} told=${told} again=${load} />` : html`<${Waiting} rows=${2} />`)}</div>
    </div>
  `;
}

async function reasons(turn) {
  if (!Object.keys(titles.value).length) nameIntents();
  return api.get(api.at("conversations", openId.value, "why", turn));
}

function nameIntents() {
  api.get("intents").then((found) => (titles.value = Object.fromEntries(found.map((one) => [one.name, one.title]))), () => {});
}

function Told({ told, again }) {
  const { why } = words.value;
  const teach = async () => (await ask(Teach, { turn: told.turn, intents: told.intents })) && again();
  return html`
    <div class="told">
      <p>${inShort(told)}</p>
      ${told.intents.length > 0 && html`<${Understood} told=${told} />`}
      ${told.sources.length > 0 && html`<${Sources} sources=${told.sources} />`}
      <details>
        <summary>${why.steps}</summary>
        ${told.sentences.map((sentence) => html`<p key=${sentence} class="said">${sentence}</p>`)}
      </details>
      <footer>
        ${told.correction
          ? html`<span class="chip good"><${Icon} name="check" />${why.corrected(titles.value[told.correction.intent] ?? told.correction.intent, told.correction.by)}</span>`
          : html`<span></span>`}
        <button class="button tight" type="button" onClick=${teach}><${Icon} name="teach" />${why.teach}</button>
      </footer>
    </div>
  `;
}

/** One sentence for somebody who answers a customer meanwhile. */
function inShort({ confidence, threshold, intents, steps }) {
  const { why } = words.value;
  if (confidence === null || !intents.length) return why.wasTold;
  const title = titles.value[intents[0].intent] ?? intents[0].intent;
  if (steps.some((step) => ANSWERS.includes(step.code))) return why.inTask(title);
  return confidence >= threshold ? why.sure(title) : why.unsure(title);
}

/** The likeliest readings as bars, with the mark that had to be reached. */
function Understood({ told }) {
  const { why } = words.value;
  return html`
    <figure class="understood">
      <figcaption class="label">${why.understood}</figcaption>
      <ul>
        ${told.intents.filter(isWorthTelling).slice(0, 3).map(
          ({ intent, confidence }) => html`
            <li key=${intent}>
              <span class="name">${titles.value[intent] ?? intent}</span>
              <meter min="0" max="1" value=${confidence} aria-label=${titles.value[intent] ?? intent}></meter>
              <span class="numbers">${Math.round(confidence * 100)} %</span>
            </li>
          `,
        )}
      </ul>
      ${told.threshold > 0 && html`<p class="muted tiny">${why.threshold(Math.round(told.threshold * 100))}</p>`}
    </figure>
  `;
}

/** What came to mind at all; the likeliest in any case. */
function isWorthTelling({ confidence }, place) {
  return place === 0 || confidence >= 0.01;
}

function Sources({ sources }) {
  return html`
    <div>
      <p class="label">${words.value.why.sources}</p>
      <ul class="links">${sources.map((one) => html`<li key=${one.id}><${Icon} name="article" />${one.url ? html`<a href=${one.url} target="_blank" rel="noopener">${one.title}</a>` : one.title}</li>`)}</ul>
    </div>
  `;
}
