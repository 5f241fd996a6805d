/* Who works here. Administrators add and change; supervisors look. */

import * as api from "../api.js";
import { useLoaded } from "../analytics/loaded.js";
import { html } from "../html.js";
import { me } from "../store/session.js";
import { words as said } from "../strings.js";
import { ask, confirm } from "../ui/dialog.js";
import { Icon } from "../ui/icons.js";
import { Menu } from "../ui/menu.js";
import { Failure, Waiting } from "../ui/states.js";
import { attempt, toast } from "../ui/toast.js";
import { AgentForm, Password } from "./agent_form.js";
import { Sheet } from "./fields.js";
import { words } from "./words.js";

export function AgentsPage() {
  const { data, error, again } = useLoaded("admin/agents");
  const names = words.value.agents;
  const isAdmin = me.value.role === "admin";
  const edit = async (agent) => {
    const saved = await ask(AgentForm, { agent });
    if (!saved) return;
    again();
    if (saved.password) await ask(Password, { name: saved.agent.name, password: saved.password });
    else toast(names.done);
  };
  const heads = [names.name, names.role, names.languages, names.skills, names.capacity, names.status, ...(isAdmin ? [html`<span class="quiet">${names.change}</span>`] : [])];
  return html`
    <section class="panel">
      <div class="panel-head">
        <p class="muted small">${names.about}</p>
        ${isAdmin && html`<button class="button primary" type="button" onClick=${() => edit(null)}><${Icon} name="plus" />${names.add}</button>`}
      </div>
      ${error ? html`<${Failure} error=${error} again=${again} />` : data ? html`<${Sheet} title=${words.value.tabs.agents} heads=${heads}>${data.map((agent) => html`<${Row} key=${agent.id} agent=${agent} isAdmin=${isAdmin} edit=${edit} again=${again} />`)}<//>` : html`<${Waiting} rows=${4} />`}
    </section>
  `;
}

function Row({ agent, isAdmin, edit, again }) {
  const { roles, languages } = said.value;
  return html`
    <tr class=${agent.is_active ? "" : "off"}>
      <th scope="row">${agent.name}<br /><span class="muted tiny">${agent.email}</span></th>
      <td>${roles[agent.role]}</td>
      <td>${agent.languages.map((one) => languages[one] ?? one).join(", ")}</td>
      <td>${agent.skills.join(", ") || "–"}</td>
      <td class="numbers">${agent.load} / ${agent.capacity}</td>
      <td><${Status} agent=${agent} /></td>
      ${isAdmin && html`<td><${More} agent=${agent} edit=${edit} again=${again} /></td>`}
    </tr>
  `;
}

function Status({ agent }) {
  const names = words.value.agents;
  if (!agent.is_active) return html`<span class="chip">${names.disabled}</span>`;
  return html`<span class="chip good">${names.active}</span>${agent.locked_until && html` <span class="chip bad">${names.locked}</span>`}${agent.has_totp && html` <span class="chip">${names.factor}</span>`}`;
}

function More({ agent, edit, again }) {
  const names = words.value.agents;
  const path = api.at("admin", "agents", agent.id);
  const doing = (work, done = names.done) => attempt(async () => {
    await work();
    toast(done);
    again();
  });
  const reset = async () => {
    if (!(await confirm({ title: names.resetTitle(agent.name), text: names.resetText, yes: names.password }))) return;
    const made = await attempt(() => api.post(`${path}/password`));
    if (made) await ask(Password, { name: agent.name, password: made.password });
  };
  const setActive = async (is_active) => {
    if (is_active || (await confirm({ title: names.disableTitle(agent.name), text: names.disableText, yes: names.disable, isDanger: true }))) doing(() => api.patch(path, { is_active }));
  };
  const dropFactor = async () => (await confirm({ title: names.totpTitle(agent.name), text: names.totpText, yes: names.totp })) && doing(() => api.post(`${path}/totp/off`));
  const choices = [
    { label: names.change, pick: () => edit(agent) },
    { label: names.password, pick: reset },
    ...(agent.has_totp ? [{ label: names.totp, pick: dropFactor }] : []),
    { label: names.sessions, pick: () => doing(() => api.remove(`${path}/sessions`), names.sessionsEnded) },
    null,
    agent.is_active ? { label: names.disable, pick: () => setActive(false) } : { label: names.enable, pick: () => setActive(true) },
  ];
  return html`<${Menu} label=${names.more(agent.name)} kind="plain square tight" choices=${choices}><${Icon} name="more" /><//>`;
}
