/* Narrowing the list, and its order. */

import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";

import * as api from "../api.js";
import { html } from "../html.js";
import { filters, setFilter } from "../store/queue.js";
import { sortedBy } from "../store/preferences.js";
import { SORTS } from "../store/sorting.js";
import { words } from "../strings.js";
import { ask, Dialog } from "../ui/dialog.js";
import { Icon } from "../ui/icons.js";
import { Menu } from "../ui/menu.js";

const channels = signal([]);
const tags = signal([]);

export function Filters() {
  const said = words.value.queue;
  const used = Object.values(filters.value).filter(Boolean).length;
  const sorts = SORTS.map((one) => ({ label: said.sorts[one], isChosen: one === sortedBy.value, pick: () => (sortedBy.value = one) }));
  return html`
    <button class="button plain square" type="button" title=${said.filter} aria-label=${said.filtered(used)} onClick=${() => ask(FilterDialog)}>
      <${Icon} name="filter" />${used > 0 && html`<span class="count">${used}</span>`}
    </button>
    <${Menu} label=${`${said.sort}: ${said.sorts[sortedBy.value]}`} kind="plain square" choices=${sorts}><${Icon} name="sort" /><//>
  `;
}

function FilterDialog({ close }) {
  const { queue, languages, moods, values, sla, channel } = words.value;
  useEffect(() => {
    api.get("channels").then((found) => (channels.value = found), () => {});
    api.get("tags").then((found) => (tags.value = found), () => {});
  }, []);
  const names = (record, keys) => keys.map((key) => [key, record[key]]);
  return html`
    <${Dialog} title=${queue.filter} close=${close}>
      <div class="fields two">
        <${Choice} name="channel" options=${channels.value.map((one) => [one, channel(one)])} />
        <${Choice} name="language" options=${names(languages, ["en", "zh"])} />
        <${Choice} name="mood" options=${names(moods, ["positive", "neutral", "negative"])} />
        <${Choice} name="value" options=${names(values, ["high", "middle", "low"])} />
        <${Choice} name="sla" options=${names(sla, ["ok", "soon", "late"])} />
        <${Choice} name="tag" options=${tags.value.map((one) => [one.tag, `#${one.tag} (${one.count})`])} />
      </div>
      <footer>
        <button class="button" type="button" onClick=${() => (filters.value = {})}>${queue.clear}</button>
        <button class="button primary" type="button" onClick=${() => close()}>${words.value.ready}</button>
      </footer>
    <//>
  `;
}

function Choice({ name, options }) {
  const { filterNames, any } = words.value.queue;
  return html`
    <div class="field">
      <label for=${`filter-${name}`}>${filterNames[name]}</label>
      <select id=${`filter-${name}`} value=${filters.value[name] ?? ""} onChange=${(event) => setFilter(name, event.target.value)}>
        <option value="">${any}</option>
        ${options.map(([value, label]) => html`<option key=${value} value=${value}>${label}</option>`)}
      </select>
    </div>
  `;
}
