/* How it stands now, for a screen on the wall: it follows the live connection, and asks again by itself. */

import { useEffect } from "preact/hooks";

import { behind, intentName, loadTitles } from "../analytics/asking.js";
import { Stacks } from "../analytics/chart/stacks.js";
import { useLoaded } from "../analytics/loaded.js";
import { time, whole } from "../analytics/numbers.js";
import { html } from "../html.js";
import { hear } from "../live.js";
import { link } from "../router.js";
import { Failure, Waiting } from "../ui/states.js";
import { clock } from "../ui/time.js";
import { Alarms } from "./alarms.js";
import { Line } from "./line.js";
import { Staff } from "./staff.js";
import { words } from "./words.js";

const EVERY_MS = 15000;
const NEWS = ["board", "counts", "item", "people", "offer"];
const SOON_MS = 700;

let wake = () => {};
let soon = 0;
for (const type of NEWS) {
  hear(type, () => {
    clearTimeout(soon);
    soon = setTimeout(() => wake(), SOON_MS);
  });
}

function BoardPage() {
  const { data, error, again } = useLoaded("board", {}, EVERY_MS);
  useEffect(() => {
    wake = again;
    return () => (wake = () => {});
  });
  useEffect(() => void loadTitles(), []);
  return html`
    <main class="figures-page" id="main" tabindex="-1">
      <header class="page-head">
        <h1>${words.value.title}</h1>
        ${data && html`<p class="muted small"><span class="dot good"></span> ${words.value.updated(clock(data.at))}</p>`}
      </header>
      ${data ? html`<${Board} board=${data} />` : error ? html`<${Failure} error=${error} again=${again} />` : html`<${Waiting} rows=${8} />`}
    </main>
  `;
}

function Board({ board }) {
  return html`
    <${Alarms} alarms=${board.alarms} />
    <${Numbers} board=${board} />
    <div class="panels">
      <${Line} waiting=${board.waiting} nameOf=${intentName} />
      <${Staff} agents=${board.agents} />
    </div>
    <${Hours} hours=${board.today.visits_by_hour} />
  `;
}

function Numbers({ board }) {
  const { cards } = words.value;
  const { today } = board;
  const free = Math.max(board.capacity - board.with_agents, 0);
  const [longest] = board.waiting;
  const isLate = board.waiting.some((one) => one.is_late);
  const ofToday = (figure) => behind(figure, { from: board.day, to: board.day });
  const numbers = [
    [cards.waiting, whole(board.waiting.length), cards.offered(board.offered), link("c"), isLate],
    [cards.longest, board.waiting.length ? time(board.longest_wait) : "–", cards.limit(time(board.answer_seconds)), longest ? link("c", longest.conversation_id) : link("c"), isLate],
    [cards.held, whole(board.with_agents), cards.snoozed(board.snoozed), link("c")],
    [cards.present, whole(board.present), cards.hands(free, board.capacity), link("admin", "agents"), board.waiting.length > 0 && !board.present],
    [cards.visits, whole(today.visits), cards.messages(whole(today.messages)), ofToday("")],
    [cards.handed, whole(today.handoffs), cards.late(today.late), ofToday("handed_over")],
    [cards.resolved, whole(today.resolved), cards.failed(today.failed), ofToday("handed_over")],
  ];
  return html`
    <ul class="tiles seven">
      ${numbers.map(([name, value, hint, href, isBad]) => html`<li key=${name}><a class=${isBad ? "bad" : ""} href=${href}><span class="name">${name}</span><strong class="numbers">${value}</strong><span class="hint">${hint}</span></a></li>`)}
    </ul>
  `;
}

function Hours({ hours }) {
  const said = words.value.hours;
  const heads = hours.map((_, hour) => String(hour));
  const series = [{ name: said.visits, mark: 1, values: hours }];
  return html`<section class="panel"><${Stacks} title=${said.title} headName=${said.hour} heads=${heads} fullHeads=${heads.map((hour) => `${hour}:00`)} series=${series} /></section>`;
}

export default { view: BoardPage };
