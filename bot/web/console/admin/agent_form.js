/* Adding an agent or changing one, and the temporary password that is shown once. */

import { useState } from "preact/hooks";

import * as api from "../api.js";
import { html } from "../html.js";
import { words as said } from "../strings.js";
import { Dialog } from "../ui/dialog.js";
import { attempt, toast } from "../ui/toast.js";
import { SelectField, TextField } from "./fields.js";
import { words } from "./words.js";

const LANGUAGES = ["en", "zh"];

export function AgentForm({ agent, close }) {
  const names = words.value.agents;
  const [isBusy, setBusy] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    const given = valuesOf(event.target);
    setBusy(true);
    const saved = await attempt(() => (agent ? api.patch(api.at("admin", "agents", agent.id), given) : api.post("admin/agents", given)));
    setBusy(false);
    if (saved) close(agent ? { agent: saved } : saved);
  };
  return html`
    <${Dialog} title=${agent ? names.edit(agent.name) : names.add} close=${close}>
      <form class="fields" onSubmit=${submit}>
        <${TextField} name="name" label=${names.name} required maxlength="80" defaultValue=${agent?.name ?? ""} autofocus />
        ${!agent && html`<${TextField} name="email" type="email" label=${names.email} required maxlength="254" />`}
        <${SelectField} name="role" label=${names.role} value=${agent?.role ?? "agent"} options=${Object.entries(said.value.roles)} />
        <fieldset class="checks"><legend class="label">${names.languages}</legend>
          ${LANGUAGES.map((one) => html`<label key=${one}><input type="checkbox" name="languages" value=${one} defaultChecked=${(agent?.languages ?? LANGUAGES).includes(one)} /> ${said.value.languages[one]}</label>`)}
        </fieldset>
        <${TextField} name="skills" label=${names.skills} hint=${names.skillsHint} defaultValue=${(agent?.skills ?? []).join(", ")} />
        <${TextField} name="capacity" type="number" min="1" max="50" label=${names.capacity} required defaultValue=${agent?.capacity ?? 4} />
        <footer>
          <button class="button" type="button" onClick=${() => close()}>${said.value.cancel}</button>
          <button class="button primary" type="submit" disabled=${isBusy}>${names.save}</button>
        </footer>
      </form>
    <//>
  `;
}

function valuesOf(form) {
  const given = new FormData(form);
  const skills = given.get("skills").split(/[,，、]/).map((one) => one.trim()).filter(Boolean);
  const email = given.get("email");
  return { name: given.get("name"), ...(email && { email }), role: given.get("role"), languages: given.getAll("languages"), skills, capacity: Number(given.get("capacity")) };
}

export function Password({ name, password, close }) {
  const names = words.value.agents;
  const copy = () => attempt(async () => {
    await navigator.clipboard.writeText(password);
    toast(names.copied);
  });
  return html`
    <${Dialog} title=${names.passwordTitle} close=${close}>
      <p class="said">${names.passwordAbout(name)}</p>
      <p class="secret"><code>${password}</code></p>
      <footer>
        <button class="button" type="button" onClick=${copy}>${names.copy}</button>
        <button class="button primary" type="button" autofocus onClick=${() => close()}>${said.value.ready}</button>
      </footer>
    <//>
  `;
}
