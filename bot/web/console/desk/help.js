/* The keys, on one page. */

import { html } from "../html.js";
import { words } from "../strings.js";
import { Dialog } from "../ui/dialog.js";

export function Help({ close }) {
  const { title, about, groups } = words.value.shortcuts;
  return html`
    <${Dialog} title=${title} close=${close}>
      <p class="muted">${about}</p>
      <div class="keys">
        ${groups.map(
          (group) => html`
            <section key=${group.title}>
              <h3>${group.title}</h3>
              <dl>${group.keys.map(([key, does]) => html`<div key=${key}><dt><kbd>${key}</kbd></dt><dd>${does}</dd></div>`)}</dl>
            </section>
          `,
        )}
      </div>
    <//>
  `;
}
