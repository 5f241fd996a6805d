/* Who did what. Newest first, older ones on demand. */

import { useEffect, useState } from "preact/hooks";

import * as api from "../api.js";
import { html } from "../html.js";
import { link } from "../router.js";
import { people } from "../store/session.js";
import { Empty, Failure, Waiting } from "../ui/states.js";
import { full } from "../ui/time.js";
import { SelectField, Sheet } from "./fields.js";
import { words } from "./words.js";

export function AuditPage() {
  const [actor, setActor] = useState("");
  const [operation, setOperation] = useState("");
  const names = words.value.audit;
  const actors = [["", names.any], ...people.value.map((person) => [person.id, person.name])];
  const operations = [["", names.any], ...Object.entries(names.operations)];
  return html`
    <section class="panel">
      <div class="panel-head">
        <p class="muted small">${names.about}</p>
        <div class="narrowing">
          <${SelectField} name="actor" label=${names.person} value=${actor} options=${actors} onChange=${(event) => setActor(event.target.value)} />
          <${SelectField} name="operation" label=${names.operation} value=${operation} options=${operations} onChange=${(event) => setOperation(event.target.value)} />
        </div>
      </div>
      <${Entries} key=${`${actor} ${operation}`} actor=${actor} operation=${operation} />
    </section>
  `;
}

function Entries({ actor, operation }) {
  const [shown, setShown] = useState({ entries: null, next: null });
  const [error, setError] = useState(null);
  const load = async () => {
    setError(null);
    const page = await api.get("admin/audit", { actor, operation, before: shown.next });
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
  return html`
    <tr>
      <th scope="row" class="numbers">${full(entry.at)}</th>
      <td>${entry.actor?.name ?? words.value.audit.unknown}</td>
      <td>${words.value.audit.operations[entry.operation] ?? entry.operation.replaceAll("_", " ")}</td>
      <td class="words"><${Target} target=${entry.target} /></td>
      <td>${entry.address}</td>
      <td class="words muted">${told(entry.details)}</td>
    </tr>
  `;
}

/** What is not given is left out; a moment is told as one, a colleague by name. */
function told(details) {
  const given = Object.entries(details).filter(([, value]) => value !== null && value !== "");
  return given.map(([name, value]) => `${words.value.audit.details[name] ?? name.replaceAll("_", " ")}: ${shown(name, value)}`).join(", ");
}

function shown(name, value) {
  if (name === "until") return full(value);
  if (name === "to_agent") return people.value.find((person) => person.id === value)?.name ?? value;
  return words.value.audit.values[value] ?? [value].flat().join(", ");
}

/** A conversation can be opened from here, a colleague has a name; everything else is an id. */
function Target({ target }) {
  if (target?.includes(":")) return html`<a href=${link("c", target)}>${target}</a>`;
  return people.value.find((person) => person.id === target)?.name ?? target;
}
