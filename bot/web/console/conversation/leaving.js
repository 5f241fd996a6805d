/* Handing back, transferring, putting off, tagging: what has to be said before it is done. */

import { useEffect, useId, useState } from "preact/hooks";

import * as api from "../api.js";
import { html } from "../html.js";
import { act, setTags } from "../store/acting.js";
import { item } from "../store/conversation.js";
import { me, people } from "../store/session.js";
import { words } from "../strings.js";
import { Dialog } from "../ui/dialog.js";
import { full } from "../ui/time.js";

function Asking({ title, about, yes, close, done, children, canDo = true }) {
  const submit = async (event) => {
    event.preventDefault();
    if (await done()) close(true);
  };
  return html`
    <${Dialog} title=${title} close=${close}>
      <form class="fields" onSubmit=${submit}>
        ${about && html`<p class="muted">${about}</p>`}
        ${children}
        <footer>
          <button class="button" type="button" onClick=${() => close()}>${words.value.cancel}</button>
          <button class="button primary" type="submit" disabled=${!canDo}>${yes}</button>
        </footer>
      </form>
    <//>
  `;
}

function NoteField({ label, value, set, hint, isFirst = true }) {
  const id = useId();
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      <textarea id=${id} rows="3" autofocus=${isFirst} maxlength="2000" value=${value} placeholder=${hint} onInput=${(event) => set(event.target.value)}></textarea>
    </div>
  `;
}

export function HandBack({ close }) {
  const [note, setNote] = useState("");
  const said = words.value.leaving.handBack;
  return html`
    <${Asking} title=${said.title} about=${said.about} yes=${said.yes} close=${close} done=${() => act("hand-back", { note })}>
      <${NoteField} label=${said.note} hint=${said.hint} value=${note} set=${setNote} />
    <//>
  `;
}

export function Transfer({ close }) {
  const [to, setTo] = useState("");
  const [note, setNote] = useState("");
  const [skills, setSkills] = useState([]);
  const id = useId();
  useEffect(() => void api.get("skills").then(setSkills, () => {}), []);
  const said = words.value.leaving.transfer;
  const [kind, ...rest] = to.split(":");
  const target = kind === "agent" ? { to_agent: idOf(rest.join(":")) } : { to_skill: rest.join(":") };
  const others = people.value.filter((one) => one.id !== me.value.id).sort((one, other) => other.is_present - one.is_present);
  return html`
    <${Asking} title=${said.title} yes=${said.yes} close=${close} canDo=${to} done=${() => act("transfer", { ...target, note })}>
      <div class="field">
        <label for=${id}>${said.to}</label>
        <select id=${id} autofocus required value=${to} onChange=${(event) => setTo(event.target.value)}>
          <option value="">${said.choose}</option>
          <optgroup label=${said.people}>
            ${others.map((one) => html`<option key=${one.id} value=${`agent:${one.id}`}>${said.person(one)}</option>`)}
          </optgroup>
          ${skills.length > 0 && html`<optgroup label=${said.skills}>${skills.map((one) => html`<option key=${one} value=${`skill:${one}`}>${one}</option>`)}</optgroup>`}
        </select>
      </div>
      <${NoteField} label=${said.note} hint=${said.hint} value=${note} set=${setNote} isFirst=${false} />
    <//>
  `;
}

/** Ids are as the server gave them, a number or a word. */
function idOf(text) {
  return people.value.find((one) => String(one.id) === text)?.id ?? text;
}

export function Snooze({ close }) {
  const said = words.value.leaving.snooze;
  const [until, setUntil] = useState("");
  const id = useId();
  const chosen = until ? Date.parse(until) / 1000 : 0;
  return html`
    <${Asking} title=${said.title} about=${said.about} yes=${said.yes} close=${close} canDo=${chosen > Date.now() / 1000} done=${() => act("snooze", { until: chosen })}>
      <div class="quick">
        ${moments().map(
          ([name, moment]) => html`
            <button key=${name} class="button" type="button" onClick=${async () => (await act("snooze", { until: moment })) && close(true)}>
              <span>${said.moments[name]}</span><span class="muted tiny">${full(moment)}</span>
            </button>
          `,
        )}
      </div>
      <div class="field">
        <label for=${id}>${said.own}</label>
        <input id=${id} type="datetime-local" value=${until} onInput=${(event) => setUntil(event.target.value)} />
      </div>
    <//>
  `;
}

function moments() {
  const now = Date.now() / 1000;
  const tomorrow = new Date();
  tomorrow.setDate(tomorrow.getDate() + 1);
  tomorrow.setHours(9, 0, 0, 0);
  const monday = new Date(tomorrow);
  monday.setDate(monday.getDate() + ((8 - monday.getDay()) % 7));
  const named = [["hour", now + 3600], ["hours", now + 4 * 3600], ["tomorrow", tomorrow / 1000], ["monday", monday / 1000]];
  return named.map(([name, moment]) => [name, Math.round(moment)]);
}

export function TagEditor({ close }) {
  const [text, setText] = useState(item.value.tags.join(", "));
  const [known, setKnown] = useState([]);
  const id = useId();
  useEffect(() => void api.get("tags").then(setKnown, () => {}), []);
  const said = words.value.leaving.tags;
  const given = [...new Set(text.split(/[,，、\s#]+/).filter(Boolean))];
  const done = async () => {
    await setTags(given);
    return true;
  };
  return html`
    <${Asking} title=${said.title} yes=${said.yes} close=${close} done=${done}>
      <div class="field">
        <label for=${id}>${said.label}</label>
        <input id=${id} autofocus value=${text} placeholder=${said.hint} onInput=${(event) => setText(event.target.value)} />
      </div>
      <div class="chips" role="group" aria-label=${said.known}>
        ${known
          .filter((one) => !given.includes(one.tag))
          .slice(0, 12)
          .map((one) => html`<button key=${one.tag} class="button tight" type="button" onClick=${() => setText([...given, one.tag].join(", "))}>#${one.tag}</button>`)}
      </div>
    <//>
  `;
}
