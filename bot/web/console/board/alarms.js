/* What a supervisor should do something about. It is said aloud when it changes. */

import { html } from "../html.js";
import { link } from "../router.js";
import { Icon } from "../ui/icons.js";
import { words } from "./words.js";

const WAYS = { not_delivered: () => link("admin", "deliveries"), nobody_took: () => `${link("analytics", "visits")}?figure=handed_over` };

export function Alarms({ alarms }) {
  const { alarms: said } = words.value;
  return html`
    <div class="alarms" role="status" aria-label=${said.title}>
      ${alarms.length ? html`<ul>${alarms.map((alarm) => html`<${Alarm} key=${alarm.code + alarm.text} alarm=${alarm} />`)}</ul>` : html`<p class="calm"><${Icon} name="check" />${said.none}</p>`}
    </div>
  `;
}

function Alarm({ alarm }) {
  const { alarms: said } = words.value;
  const way = WAYS[alarm.code]?.();
  return html`<li><${Icon} name="alert" /><span>${alarm.text || said[alarm.code](alarm.count)}</span>${way && html`<a href=${way}>${said.look}</a>`}</li>`;
}
