/* The figures that a supervisor looks at first. Each opens the visits behind it. */

import { html } from "../html.js";
import { behind } from "./asking.js";
import { interval, mood, percent, decimal, time, whole } from "./numbers.js";
import { words } from "./words.js";

export function Cards({ totals }) {
  const { cards } = words.value;
  const { containment, satisfaction, handed_over, unanswered } = totals;
  return html`
    <ul class="tiles">
      <${Card} figure="" name=${cards.visits} value=${whole(totals.visits)} hints=${[cards.customers(whole(totals.customers)), cards.messages(whole(totals.messages))]} />
      <${Card} figure="contained" name=${cards.containment} value=${percent(containment.share)} hints=${[cards.of(whole(containment.count), whole(containment.of)), known(cards.sure, interval(containment))]} isMain />
      <${Card} figure="handed_over" name=${cards.handed} value=${percent(handed_over.share)} hints=${[cards.of(whole(handed_over.count), whole(handed_over.of)), known(cards.sure, interval(handed_over))]} />
      <${Card} figure="rated" name=${cards.satisfaction} value=${percent(satisfaction.satisfied.share)} hints=${rated(satisfaction, cards)} />
      <${Card} figure="unanswered" name=${cards.unanswered} value=${percent(unanswered.share)} hints=${[cards.unansweredOf(whole(unanswered.count), whole(unanswered.of))]} />
      <${Card} figure="" name=${cards.botAnswers} value=${time(totals.bot_answers_after.median)} hints=${[known(cards.p90, time(totals.bot_answers_after.p90))]} />
      <${Card} figure="handed_over" name=${cards.personAnswers} value=${time(totals.person_answers_after.median)} hints=${[cards.p90(time(totals.person_answers_after.p90))]} />
      <${Card} figure="handed_over" name=${cards.settles} value=${time(totals.person_settles_in.median)} hints=${[cards.p90(time(totals.person_settles_in.p90))]} />
      <${Card} figure=${totals.mood.worse.count ? "worse" : "better"} name=${cards.mood} value=${`${mood(totals.mood.start)} → ${mood(totals.mood.end)}`} hints=${[cards.moodHint(percent(totals.mood.better.share), percent(totals.mood.worse.share))]} />
    </ul>
  `;
}

function Card({ figure, name, value, hints, isMain = false }) {
  return html`
    <li>
      <a class=${isMain ? "main" : ""} href=${behind(figure)}>
        <span class="name">${name}</span>
        <strong class="numbers">${value}</strong>
        ${hints.filter(Boolean).map((hint) => html`<span key=${hint} class="hint">${hint}</span>`)}
      </a>
    </li>
  `;
}

function rated({ answered, mean, satisfied }, cards) {
  const { count, of, share } = answered;
  return [count ? cards.meanScore(decimal(mean)) : "", cards.rated(whole(count), whole(of), percent(share)), known(cards.sure, interval(satisfied))];
}

function known(word, value) {
  return value ? word(value) : "";
}
