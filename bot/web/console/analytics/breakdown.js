/* The same figures beside each other: by channel, language, topic, segment or agent. */

import { html } from "../html.js";
import { only, pageOf } from "./asking.js";
import { Bar } from "./chart/bar.js";
import { named } from "./filters.js";
import { interval, mood, percent, time, whole } from "./numbers.js";
import { words } from "./words.js";

const WAYS = ["intent", "channel", "language", "segment", "agent"];
const SHOWN = 12;

export function Breakdown({ groups, by, setBy }) {
  const { by: ways, columns } = words.value;
  const most = Math.max(...groups.map(({ figures }) => figures.visits), 1);
  const heads = ["visits", "containment", "handed", "unanswered", "satisfaction", "answers", "mood"];
  return html`
    <section class="panel">
      <div class="panel-head">
        <h2>${ways.title}</h2>
        <div class="segmented" role="group" aria-label=${ways.title}>
          ${WAYS.map((way) => html`<button key=${way} type="button" aria-pressed=${way === by} onClick=${() => setBy(way)}>${ways[way]}</button>`)}
        </div>
      </div>
      <div class="scrolls" tabindex="0" role="region" aria-label=${`${ways.title}: ${ways[by]}`}>
        <table class="figures">
          <thead><tr><th scope="col">${ways[by]}</th>${heads.map((head) => html`<th key=${head} scope="col">${columns[head]}</th>`)}</tr></thead>
          <tbody>${groups.slice(0, SHOWN).map((group) => html`<${Row} key=${group.key} group=${group} by=${by} most=${most} />`)}</tbody>
        </table>
      </div>
      ${by === "segment" && html`<p class="muted small after">${groups.some(({ key }) => key) ? ways.smallSegments : words.value.noneYet.segment}</p>`}
    </section>
  `;
}

function Row({ group, by, most }) {
  const { visits, containment, handed_over, unanswered, satisfaction, person_answers_after, mood: moods } = group.figures;
  const name = named(by, group);
  return html`
    <tr>
      <th scope="row">${group.key ? html`<a href=${pageOf(only(by, group.key))}>${name}</a>` : html`<span class="muted">${name}</span>`}</th>
      <td><span class="with-bar"><${Bar} share=${visits / most} mark=${4} /><b class="numbers">${whole(visits)}</b></span></td>
      <td title=${interval(containment)}><span class="with-bar"><${Bar} share=${containment.share} low=${containment.low} high=${containment.high} /><b class="numbers">${percent(containment.share)}</b></span></td>
      <td class="numbers">${percent(handed_over.share)}</td>
      <td class="numbers">${percent(unanswered.share)}</td>
      <td class="numbers" title=${interval(satisfaction.satisfied)}>${percent(satisfaction.satisfied.share)}${satisfaction.answered.count > 0 && html` <span class="muted tiny">(${satisfaction.answered.count})</span>`}</td>
      <td class="numbers">${time(person_answers_after.median)}</td>
      <td class="numbers">${mood(moods.end)}</td>
    </tr>
  `;
}
