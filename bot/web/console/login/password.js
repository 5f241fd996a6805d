/* Choosing a password of one's own, before anything else, when the present one was made for the first sign-in. */

import { useState } from "preact/hooks";

import * as api from "../api.js";
import { html } from "../html.js";
import { begin, signOut } from "../store/session.js";
import { words } from "../strings.js";
import { attempt } from "../ui/toast.js";
import { Field } from "./login.js";

export const SHORTEST = 10;

export function NewPassword() {
  const login = words.value.login;
  return html`
    <main class="login">
      <section class="card">
        <h1>${login.newTitle}</h1>
        <p class="muted">${login.newWelcome}</p>
        <${PasswordForm} done=${() => attempt(begin)} />
      </section>
      <button class="button plain" type="button" onClick=${() => signOut()}>${words.value.account.signOut}</button>
    </main>
  `;
}

export function PasswordForm({ done }) {
  const [given, setGiven] = useState({ current: "", new: "" });
  const set = (name) => (event) => setGiven({ ...given, [name]: event.target.value });
  const submit = async (event) => {
    event.preventDefault();
    await attempt(async () => {
      await api.post("password", given);
      done();
    });
  };
  const login = words.value.login;
  return html`
    <form class="fields" onSubmit=${submit}>
      <${Field} name="current" type="password" autocomplete="current-password" label=${login.currentPassword} value=${given.current} onInput=${set("current")} />
      <${Field} name="new" type="password" autocomplete="new-password" minlength=${SHORTEST} label=${login.newPassword} hint=${login.newHint} value=${given.new} onInput=${set("new")} />
      <button class="button primary" type="submit">${login.change}</button>
    </form>
  `;
}
