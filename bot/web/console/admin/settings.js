/* The settings in force, to look at. */

import { useState } from "preact/hooks";

import { useLoaded } from "../analytics/loaded.js";
import { html } from "../html.js";
import { Failure, Waiting } from "../ui/states.js";
import { Sheet, TextField } from "./fields.js";
import { words } from "./words.js";

export function SettingsPage() {
  const { data, error, again } = useLoaded("admin/settings");
  const [search, setSearch] = useState("");
  const [isChanged, setChanged] = useState(false);
  const names = words.value.settings;
  const fits = (one) => `${one.name} ${about(one)}`.toLowerCase().includes(search.toLowerCase()) && (!isChanged || !one.is_default);
  return html`
    <section class="panel">
      <p class="muted small">${names.about}</p>
      <div class="fields two">
        <${TextField} name="search" type="search" label=${names.search} value=${search} onInput=${(event) => setSearch(event.target.value)} />
        <label class="tick"><input type="checkbox" checked=${isChanged} onChange=${(event) => setChanged(event.target.checked)} /> ${names.changed}</label>
      </div>
      ${error ? html`<${Failure} error=${error} again=${again} />` : data ? html`<${Sheet} title=${words.value.tabs.settings} heads=${[names.columns.name, names.columns.value]}>${data.filter(fits).map((one) => html`<${Row} key=${one.name} one=${one} />`)}<//>` : html`<${Waiting} rows=${8} />`}
    </section>
  `;
}

/** What it is for: the server says it in English. */
function about({ name, description }) {
  return words.value.settings.described(name) ?? description;
}

function Row({ one }) {
  const { secret, unset, standard } = words.value.settings;
  const value = one.is_secret ? html`<span class="muted">${one.is_set ? secret.set : secret.unset}</span>` : one.value ? html`<code>${one.value}</code>` : html`<span class="muted">${unset}</span>`;
  return html`
    <tr>
      <th scope="row"><code>${one.name}</code><br /><span class="muted tiny described">${about(one)}</span></th>
      <td class="words">${value} ${one.is_default && html`<span class="muted tiny">${standard}</span>`}</td>
    </tr>
  `;
}
