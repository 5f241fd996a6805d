/* Signing in: e-mail and password, and the authenticator's code where one is set up. */

import { useEffect, useRef, useState } from "preact/hooks";

import { html } from "../html.js";
import { session, signIn } from "../store/session.js";
import { locale } from "../store/preferences.js";
import { words } from "../strings.js";
import { Icon } from "../ui/icons.js";

export function LoginPage() {
  const [given, setGiven] = useState({ email: "", password: "", code: "" });
  const [needsCode, setNeedsCode] = useState(false);
  const [error, setError] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const set = (name) => (event) => setGiven({ ...given, [name]: event.target.value });
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      setNeedsCode(await signIn(given.email.trim(), given.password, given.code.trim()));
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  };
  const login = words.value.login;
  const why = error ? null : session.value.ended;
  return html`
    <main class="login">
      <form class="card" onSubmit=${submit}>
        <img src="/console/icon.svg" alt="" width="44" height="44" />
        <h1>${login.title}</h1>
        <p class="muted">${login.welcome}</p>
        ${why && html`<p class="over" role="status">${login.over[why]}</p>`}
        <div class="fields">
          <${Field} name="email" type="email" autocomplete="username" label=${login.email} value=${given.email} onInput=${set("email")} />
          <${Field} name="password" type="password" autocomplete="current-password" label=${login.password} value=${given.password} onInput=${set("password")} />
          ${needsCode && html`<${Code} value=${given.code} onInput=${set("code")} />`}
          ${error && html`<p class="problem" role="alert">${explain(error)}</p>`}
          <button class="button primary wide" type="submit" disabled=${isBusy}>${isBusy ? login.signingIn : login.signIn}</button>
        </div>
      </form>
      <${DemoAccounts} choose=${({ email, password }) => setGiven({ ...given, email, password })} />
      <button class="button plain" type="button" onClick=${() => (locale.value = locale.value === "zh" ? "en" : "zh")}>
        <${Icon} name="language" />${words.value.otherLanguage}
      </button>
    </main>
  `;
}

function explain(error) {
  const { title, detail } = words.value.failure(error);
  return detail ? `${title} ${detail}` : title;
}

export function Field({ name, label, hint, ...input }) {
  return html`
    <div class="field">
      <label for=${name}>${label}</label>
      <input id=${name} name=${name} required aria-describedby=${hint ? `${name}-hint` : undefined} ...${input} />
      ${hint && html`<p class="muted tiny" id=${`${name}-hint`}>${hint}</p>`}
    </div>
  `;
}

function Code(props) {
  const box = useRef(null);
  useEffect(() => box.current.querySelector("input").focus(), []);
  return html`<div ref=${box}><${Field} name="code" inputmode="text" autocomplete="one-time-code" label=${words.value.login.code} hint=${words.value.login.codeHint} ...${props} /></div>`;
}

function DemoAccounts({ choose }) {
  const accounts = session.value.demo;
  if (!accounts?.length) return null;
  const { login, roles } = words.value;
  return html`
    <section class="card demo" aria-labelledby="demo">
      <h2 id="demo">${login.demo}</h2>
      <p class="muted small">${login.demoHint} <code>${accounts[0].password}</code></p>
      <ul>
        ${accounts.map(
          (one) => html`
            <li key=${one.email}>
              <button class="button plain" type="button" onClick=${() => choose(one)}>
                <span>${one.name}</span><span class="muted">${roles[one.role]}</span>
              </button>
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}
