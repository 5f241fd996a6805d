/* Which days and which visits; what is chosen goes into the address. */

import { html } from "../html.js";
import { locale } from "../store/preferences.js";
import { words as said } from "../strings.js";
import { Icon } from "../ui/icons.js";
import { Menu } from "../ui/menu.js";
import { ask, asked, fileAddress, intentName, lastDays } from "./asking.js";
import { words } from "./words.js";

const FILTERS = ["channel", "customer_language", "intent", "segment", "agent"];
const PRESETS = [7, 30, 90];

export function FilterBar({ choices, first, last }) {
  const { from, to, clear } = words.value;
  const used = FILTERS.filter((name) => asked.value[name]);
  return html`
    <div class="filter-bar">
      <div class="segmented" role="group" aria-label=${`${from} … ${to}`}>
        ${PRESETS.map((days) => html`<button key=${days} type="button" aria-pressed=${isPreset(days, first, last)} onClick=${() => ask(lastDays(days))}>${words.value.presets[days]}</button>`)}
      </div>
      <${Day} name="from" label=${from} value=${first} last=${last} />
      <${Day} name="to" label=${to} value=${last} first=${first} />
      ${FILTERS.map((name) => html`<${Choice} key=${name} name=${name} choices=${choices?.[name === "customer_language" ? "language" : name] ?? []} />`)}
      ${used.length > 0 && html`<button class="button plain" type="button" onClick=${() => ask(Object.fromEntries(FILTERS.map((name) => [name, ""])))}>${clear}</button>`}
      <${Exports} />
    </div>
  `;
}

function isPreset(days, first, last) {
  const wanted = lastDays(days);
  return wanted.from === first && wanted.to === last;
}

function Day({ name, label, value, first, last }) {
  const change = (event) => event.target.value && ask({ [name]: event.target.value });
  return html`<div class="inline-field"><label for=${`days-${name}`}>${label}</label><input id=${`days-${name}`} type="date" value=${value ?? ""} min=${first} max=${last} onChange=${change} /></div>`;
}

function Choice({ name, choices }) {
  const value = asked.value[name] ?? "";
  const known = choices.some(({ key }) => key === value) || !value ? choices : [...choices, { key: value, name: value }];
  const called = known.map((choice) => [choice.key, named(name, choice)]).sort(([, one], [, other]) => one.localeCompare(other, locale.value));
  return html`
    <div class="inline-field">
      <label for=${`visits-${name}`}>${words.value.filters[name]}</label>
      <select id=${`visits-${name}`} value=${value} disabled=${!called.length} title=${called.length ? "" : words.value.noneYet[name] ?? ""} onChange=${(event) => ask({ [name]: event.target.value })}>
        <option value="">${words.value.any}</option>
        ${called.map(([key, text]) => html`<option key=${key} value=${key} selected=${key === value}>${text}</option>`)}
      </select>
    </div>
  `;
}

/** What people call a channel, a language, a topic; the server names segments and agents. */
export function named(by, { key, name }) {
  if (!key) return words.value.none;
  if (by === "channel") return said.value.channel(key);
  if (by === "language" || by === "customer_language") return said.value.languages[key] ?? key;
  return by === "intent" ? intentName(key) : name;
}

function Exports() {
  const { exports } = words.value;
  const choices = [
    { label: exports.table, pick: () => location.assign(fileAddress({ what: "by", by: "day" })) },
    { label: exports.visits, pick: () => location.assign(fileAddress({ what: "visits" })) },
  ];
  return html`<${Menu} label=${words.value.export} kind="" choices=${choices}>${words.value.export}<${Icon} name="chevron" /><//>`;
}
