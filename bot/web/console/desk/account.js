/* An agent's own account: how many conversations at once, the password, the second factor, where one is signed in. */

import { useEffect, useState } from "preact/hooks";

import * as api from "../api.js";
import { html } from "../html.js";
import { PasswordForm } from "../login/password.js";
import { Field } from "../login/login.js";
import { me, signOut, update } from "../store/session.js";
import { words } from "../strings.js";
import { Dialog } from "../ui/dialog.js";
import { attempt, toast } from "../ui/toast.js";
import { full } from "../ui/time.js";

export function Account({ close }) {
  const { account } = words.value;
  return html`
    <${Dialog} title=${account.title} close=${close}>
      <p class="muted">${me.value.name} · ${me.value.email}</p>
      <${Capacity} />
      <details><summary>${account.password}</summary><${PasswordForm} done=${() => toast(account.passwordChanged)} /></details>
      <details><summary>${account.totp}</summary><${SecondFactor} /></details>
      <details><summary>${account.sessions}</summary><${Sessions} /></details>
    <//>
  `;
}

function Capacity() {
  const set = (event) =>
    attempt(async () => {
      update(await api.patch("me", { capacity: Number(event.target.value) }));
      toast(words.value.saved);
    });
  const { capacity, capacityHint } = words.value.account;
  return html`<${Field} name="capacity" type="number" min="1" max="50" label=${capacity} hint=${capacityHint} value=${me.value.capacity} onChange=${set} />`;
}

function SecondFactor() {
  const [offered, setOffered] = useState(null);
  const [codes, setCodes] = useState(null);
  const { totp, login } = words.value;
  const submit = (work) => (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    attempt(() => work(given));
  };
  const start = async ({ password }) => setOffered(await api.post("totp", { password }));
  const confirm = async ({ code }) => {
    setCodes((await api.post("totp/confirm", { code })).recovery_codes);
    update({ has_totp: true });
  };
  const stop = async ({ password }) => {
    await api.post("totp/off", { password });
    update({ has_totp: false });
    toast(totp.isOff);
  };
  if (codes) return html`<p>${totp.recovery}</p><ul class="codes">${codes.map((code) => html`<li key=${code}><code>${code}</code></li>`)}</ul>`;
  if (offered) return html`<${Scanning} offered=${offered} submit=${submit(confirm)} />`;
  return html`
    <form class="fields" onSubmit=${submit(me.value.has_totp ? stop : start)}>
      <p class="muted">${me.value.has_totp ? totp.on : totp.about}</p>
      <${Field} name="password" type="password" autocomplete="current-password" label=${login.currentPassword} />
      <button class="button" type="submit">${me.value.has_totp ? totp.turnOff : totp.turnOn}</button>
    </form>
  `;
}

/** The code as a picture, which is our own server's SVG, shown as an image so that nothing in it can run. */
function Scanning({ offered, submit }) {
  const { totp, login } = words.value;
  const [picture] = useState(() => URL.createObjectURL(new Blob([offered.qr_svg], { type: "image/svg+xml" })));
  useEffect(() => () => URL.revokeObjectURL(picture), []);
  return html`
    <form class="fields" onSubmit=${submit}>
      <p>${totp.scan}</p>
      <img class="code" src=${picture} alt=${totp.picture} width="180" height="180" />
      <p class="small">${totp.byHand} <code>${offered.secret}</code></p>
      <${Field} name="code" inputmode="numeric" autocomplete="one-time-code" label=${login.code} />
      <button class="button primary" type="submit">${totp.confirm}</button>
    </form>
  `;
}

function Sessions() {
  const [sessions, setSessions] = useState([]);
  useEffect(() => void attempt(async () => setSessions(await api.get("sessions"))), []);
  const { account } = words.value;
  return html`
    <ul class="sessions">
      ${sessions.map((one) => html`<li key=${one.id}><strong>${one.browser || one.address}</strong><span class="muted small">${one.is_this ? account.thisOne : full(one.seen_at)} · ${one.address}</span></li>`)}
    </ul>
    <button class="button danger" type="button" onClick=${() => attempt(() => signOut(true))}>${account.everywhere}</button>
  `;
}
