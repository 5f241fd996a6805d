/* Messages that did not arrive, or perhaps did not, and sending them again. */

import { useState } from "preact/hooks";

import * as api from "../api.js";
import { useLoaded } from "../analytics/loaded.js";
import { html } from "../html.js";
import { link } from "../router.js";
import { ChannelMark } from "../ui/marks.js";
import { Empty, Failure, Waiting } from "../ui/states.js";
import { full } from "../ui/time.js";
import { attempt, toast } from "../ui/toast.js";
import { Sheet } from "./fields.js";
import { words } from "./words.js";

const STATES = ["dead", "unsure"];

export function DeliveriesPage() {
  const [state, setState] = useState("dead");
  const { data, error, again } = useLoaded("admin/deliveries", { state });
  const names = words.value.deliveries;
  const heads = ["at", "where", "text", "why"].map((head) => names.columns[head]).concat(html`<span class="quiet">${names.again}</span>`);
  const list = data && (data.length
    ? html`<${Sheet} title=${names.states[state]} heads=${heads}>${data.map((line) => html`<${Row} key=${line.outbox_id} line=${line} again=${again} />`)}<//>`
    : html`<${Empty} icon="check" ...${names.none[state]} />`);
  return html`
    <section class="panel">
      <p class="muted small">${names.about}</p>
      <div class="segmented" role="group" aria-label=${words.value.tabs.deliveries}>
        ${STATES.map((one) => html`<button key=${one} type="button" aria-pressed=${one === state} onClick=${() => setState(one)}>${names.states[one]}</button>`)}
      </div>
      ${error ? html`<${Failure} error=${error} again=${again} />` : (list ?? html`<${Waiting} rows=${4} />`)}
    </section>
  `;
}

function Row({ line, again }) {
  const names = words.value.deliveries;
  const send = () => attempt(async () => {
    await api.post(api.at("admin", "deliveries", String(line.outbox_id), "retry"));
    toast(names.queued);
    again();
  });
  return html`
    <tr>
      <th scope="row"><a href=${link("c", line.conversation_id)}>${full(line.at)}</a></th>
      <td><${ChannelMark} channel=${line.channel} /></td>
      <td class="words">${line.text}</td>
      <td class="words">${line.why} <span class="muted tiny">${names.tries(line.tries)}</span></td>
      <td><button class="button tight" type="button" onClick=${send}>${names.again}</button></td>
    </tr>
  `;
}
