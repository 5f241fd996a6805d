/* What is asked again and again and has no answer: where an article would help. Slower than the rest, so it comes by itself. */

import { useState } from "preact/hooks";

import { html } from "../html.js";
import { link } from "../router.js";
import { words as said } from "../strings.js";
import { Failure, Waiting } from "../ui/states.js";
import { since } from "../ui/time.js";
import { asked } from "./asking.js";
import { useLoaded } from "./loaded.js";
import { words } from "./words.js";

const LINKS = 5;

export function Gaps() {
  const { gaps } = words.value;
  const { data, error, again } = useLoaded("analytics/gaps", asked.value);
  return html`
    <section class="panel">
      <h2>${gaps.title}</h2>
      <p class="muted small">${gaps.about}</p>
      ${error ? html`<${Failure} error=${error} again=${again} />` : data ? html`<${List} found=${data} />` : html`<p class="muted">${gaps.loading}</p><${Waiting} rows=${3} />`}
    </section>
  `;
}

function List({ found }) {
  const { gaps } = words.value;
  if (!found.length) return html`<p class="after">${gaps.none}</p>`;
  return html`
    <ol class="gaps">
      ${found.map((gap) => html`<${Gap} key=${gap.examples[0] + gap.language} gap=${gap} />`)}
    </ol>
  `;
}

function Gap({ gap }) {
  const { gaps } = words.value;
  const [isAll, setAll] = useState(gap.conversations.length <= LINKS);
  const shown = isAll ? gap.conversations : gap.conversations.slice(0, LINKS);
  return html`
    <li>
      <div class="size"><strong class="numbers">${gaps.size(gap.size)}</strong><span class="chip">${said.value.languagesShort[gap.language]}</span></div>
      <div class="examples" lang=${gap.language}>${gap.examples.map((example) => html`<q key=${example}>${example}</q>`)}</div>
      <p class="tiny muted">
        ${gaps.last(since(gap.last_at))} · ${gaps.behind}:
        ${shown.map((id, number) => html` <a key=${id} href=${link("c", id)} aria-label=${`${gaps.behind} ${number + 1}: ${gap.examples[0]}`}>${number + 1}</a>`)}
        ${!isAll && html` <button class="as-link" type="button" onClick=${() => setAll(true)}>${gaps.all(gap.conversations.length)}</button>`}
      </p>
    </li>
  `;
}
