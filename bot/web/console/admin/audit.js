/* Who did what. Newest first, older ones on demand. */

import { useEffect, useState } from "preact/hooks";

import * as api from "../api.js";
import { html } from "../html.js";
import { people } from "../store/session.js";
import { Empty, Failure, Waiting } from "../ui/states.js";
import { full } from "../ui/time.js";
import { SelectField, Sheet } from "./fields.js";
import { words } from "./words.js";

export function AuditPage() {
  const [actor, setActor] = useState("");
  const names = words.value.audit;
  const options = [["", names.any], ...people.value.map((person) => [person.id, person.name])];
  return html`
    <section class="panel">
      <div class="panel-head">
        <p class="muted small">${names.about}</p>
        <${SelectField} name="actor" label=${names.person} value=${actor} options=${options} onChange=${(event) => setActor(event.target.value)} />
      </div>
      <${Entries} key=${actor} actor=${actor} />
    </section>
  `;
}

function Entries({ actor }) {
  const [shown, setShown] = useState({ entries: null, next: null });
  const [error, setError] = useState(null);
  const load = async () => {
    setError(null);
    const page = await api.get("admin/audit", { actor, before: shown.next });
    setShown({ entries: [...(shown.entries ?? []), ...page.entries], next: page.next_before });
  };
  const begin = () => load().catch(setError);
  useEffect(() => void begin(), []);
  const names = words.value.audit;
  const heads = ["at", "who", "what", "target", "address", "details"].map((head) => names.columns[head]);
  if (error) return html`<${Failure} error=${error} again=${begin} />`;
  if (!shown.entries) return html`<${Waiting} rows=${8} />`;
  if (!shown.entries.length) return html`<${Empty} icon="check" ...${names.none} />`;
  return html`
    <${Sheet} title=${words.value.tabs.audit} heads=${heads}>${shown.entries.map((entry) => html`<${Row} key=${entry.id} entry=${entry} />`)}<//>
    ${shown.next && html`<button class="button" type="button" onClick=${begin}>${names.older}</button>`}
  `;
}

function Row({ entry }) {
  const details = Object.entries(entry.details).map(([name, value]) => `${name.replaceAll("_", " ")}: ${value}`);
  return html`
    <tr>
      <th scope="row" class="numbers">${full(entry.at)}</th>
      <td>${entry.actor?.name ?? words.value.audit.unknown}</td>
      <td>${words.value.audit.operations[entry.operation] ?? entry.operation.replaceAll("_", " ")}</td>
      <td class="words">${entry.target}</td>
      <td>${entry.address}</td>
      <td class="words muted">${details.join(", ")}</td>
    </tr>
  `;
}
