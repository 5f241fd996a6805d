/* How the days went: how many visits and what became of them, and which share the bot settled. */

import { html } from "../html.js";
import { behind } from "./asking.js";
import { ShareLine } from "./chart/lines.js";
import { Stacks } from "./chart/stacks.js";
import { longDay, shortDay } from "./numbers.js";
import { words } from "./words.js";

export function Days({ days }) {
  const { days: said, cards } = words.value;
  const heads = days.map(({ key }) => shortDay(key));
  const fullHeads = days.map(({ key }) => longDay(key));
  const of = (value) => days.map(({ figures }) => value(figures));
  const open = (place) => (location.hash = behind("", { from: days[place].key, to: days[place].key }));
  const series = [
    { name: said.contained, mark: 1, values: of(({ containment }) => containment.count) },
    { name: said.people, mark: 2, values: of(({ outcomes }) => outcomes.people) },
    { name: said.other, mark: 3, values: of(({ outcomes }) => outcomes.other) },
    { name: said.open, mark: 4, values: of(({ outcomes }) => outcomes.open) },
  ];
  return html`
    <div class="panels">
      <section class="panel"><${Stacks} title=${said.title} headName=${said.day} heads=${heads} fullHeads=${fullHeads} series=${series} open=${open} /></section>
      <section class="panel">
        <${ShareLine} title=${said.share} hint=${said.band} name=${said.contained} headName=${said.day} heads=${heads} fullHeads=${fullHeads} shares=${of(({ containment }) => containment)} told=${({ count, of: all }) => cards.of(count, all)} open=${open} />
      </section>
    </div>
  `;
}
