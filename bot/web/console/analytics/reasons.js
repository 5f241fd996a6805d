/* Why people were called, and what else kept visits from being settled by the bot. */

import { html } from "../html.js";
import { words as named } from "../strings.js";
import { behind } from "./asking.js";
import { Bar } from "./chart/bar.js";
import { whole } from "./numbers.js";
import { words } from "./words.js";

export function Reasons({ reasons, against }) {
  const { reasons: said, against: names } = words.value;
  return html`
    <section class="panel">
      <h2>${said.title}</h2>
      ${reasons.length ? html`<${Counts} rows=${reasons.map(({ reason, count }) => ({ key: reason, name: named.value.reason(reason), count, href: behind(`reason:${reason}`) }))} mark=${2} title=${said.title} />` : html`<p class="muted">${said.none}</p>`}
      <h2>${names.title}</h2>
      <${Counts} rows=${against.map(({ reason, count }) => ({ key: reason, name: names[reason] ?? reason, count, href: behind(`because:${reason}`) }))} mark=${3} title=${names.title} />
    </section>
  `;
}

/** Rows of a name, a bar and a number; the name opens what is behind it. */
export function Counts({ rows, mark, title }) {
  const most = Math.max(...rows.map(({ count }) => count), 1);
  const { reason, count: counted } = words.value.reasons;
  return html`
    <table class="counts" aria-label=${title}>
      <thead class="quiet"><tr><th scope="col" colspan="2">${reason}</th><th scope="col">${counted}</th></tr></thead>
      <tbody>
        ${rows.map(({ key, name, count, href }) => html`
          <tr key=${key}>
            <th scope="row">${count ? html`<a href=${href}>${name}</a>` : name}</th>
            <td class="long"><${Bar} share=${count / most} mark=${mark} /></td>
            <td class="numbers">${whole(count)}</td>
          </tr>
        `)}
      </tbody>
    </table>
  `;
}
