/* Ready replies: what agents put in with "/" and a shortcut. */

import * as api from "../api.js";
import { useLoaded } from "../analytics/loaded.js";
import { html } from "../html.js";
import { words as said } from "../strings.js";
import { ask, confirm, Dialog } from "../ui/dialog.js";
import { Icon } from "../ui/icons.js";
import { Empty, Failure, Waiting } from "../ui/states.js";
import { attempt, toast } from "../ui/toast.js";
import { Sheet, TextField } from "./fields.js";
import { words } from "./words.js";

export function CannedPage() {
  const { data, error, again } = useLoaded("canned");
  const names = words.value.canned;
  const edit = async (reply) => (await ask(ReplyForm, { reply })) && again();
  const remove = async (reply) => {
    if (!(await confirm({ title: names.removeTitle(reply.title), text: names.removeText, yes: names.remove, isDanger: true }))) return;
    await attempt(() => api.remove(api.at("canned", String(reply.id))));
    again();
  };
  const heads = [names.shortcut, names.title, names.english, names.chinese, html`<span class="quiet">${names.edit}</span>`];
  const list = data && (data.length
    ? html`<${Sheet} title=${words.value.tabs.canned} heads=${heads}>${data.map((reply) => html`<${Row} key=${reply.id} reply=${reply} edit=${edit} remove=${remove} />`)}<//>`
    : html`<${Empty} icon="reply" ...${names.none} />`);
  return html`
    <section class="panel">
      <div class="panel-head">
        <p class="muted small">${names.about}</p>
        <button class="button primary" type="button" onClick=${() => edit(null)}><${Icon} name="plus" />${names.add}</button>
      </div>
      ${error ? html`<${Failure} error=${error} again=${again} />` : (list ?? html`<${Waiting} rows=${4} />`)}
    </section>
  `;
}

function Row({ reply, edit, remove }) {
  const names = words.value.canned;
  return html`
    <tr>
      <th scope="row"><code>/${reply.shortcut}</code></th>
      <td>${reply.title}</td>
      <td class="words" lang="en">${reply.text_en}</td>
      <td class="words" lang="zh">${reply.text_zh}</td>
      <td class="deeds">
        <button class="button plain square tight" type="button" aria-label=${`${names.edit}: ${reply.title}`} onClick=${() => edit(reply)}><${Icon} name="edit" /></button>
        <button class="button plain square tight" type="button" aria-label=${`${names.remove}: ${reply.title}`} onClick=${() => remove(reply)}><${Icon} name="close" /></button>
      </td>
    </tr>
  `;
}

function ReplyForm({ reply, close }) {
  const names = words.value.canned;
  const submit = (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    attempt(async () => {
      await (reply ? api.put(api.at("canned", String(reply.id)), given) : api.post("canned", given));
      toast(said.value.saved);
      close(true);
    });
  };
  return html`
    <${Dialog} title=${reply ? names.edit : names.add} close=${close}>
      <form class="fields" onSubmit=${submit}>
        <${TextField} name="shortcut" label=${names.shortcut} required maxlength="40" value=${reply?.shortcut ?? ""} autofocus />
        <${TextField} name="title" label=${names.title} required maxlength="100" value=${reply?.title ?? ""} />
        <${TextField} name="text_en" label=${names.english} isLong lang="en" value=${reply?.text_en ?? ""} />
        <${TextField} name="text_zh" label=${names.chinese} isLong lang="zh" hint=${names.hint} value=${reply?.text_zh ?? ""} />
        <footer>
          <button class="button" type="button" onClick=${() => close()}>${said.value.cancel}</button>
          <button class="button primary" type="submit">${words.value.agents.save}</button>
        </footer>
      </form>
    <//>
  `;
}
