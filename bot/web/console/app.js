/* The agents' console: signing in, then the pages. Everything is drawn by Preact from signals (see store/). */

import { render } from "preact";
import { useEffect, useState } from "preact/hooks";

import { Offers } from "./desk/offers.js";
import { Rail } from "./desk/rail.js";
import { followShortcuts } from "./desk/shortcuts.js";
import { followTitle } from "./desk/notifications.js";
import { html } from "./html.js";
import { connection } from "./live.js";
import { LoginPage } from "./login/login.js";
import { NewPassword } from "./login/password.js";
import { pageOf } from "./pages.js";
import { route } from "./router.js";
import { begin, me, session } from "./store/session.js";
import { follow } from "./store/queue.js";
import { words } from "./strings.js";
import { Asked } from "./ui/dialog.js";
import { Icon } from "./ui/icons.js";
import { Failure } from "./ui/states.js";
import { Toasts } from "./ui/toast.js";

function App() {
  const [error, setError] = useState(null);
  const start = () => {
    setError(null);
    begin().catch(setError);
  };
  useEffect(start, []);
  if (error) return html`<main class="centred"><${Failure} error=${error} again=${start} /></main>`;
  if (!session.value) return null;
  if (!me.value) return html`<${LoginPage} /><${Toasts} />`;
  if (me.value.must_change_password) return html`<${NewPassword} /><${Toasts} />`;
  return html`<${SignedIn} /><${Asked} /><${Toasts} />`;
}

function SignedIn() {
  useEffect(follow, []);
  useEffect(followTitle, []);
  useEffect(followShortcuts, []);
  const page = pageOf(route.value.path, me.value.role);
  return html`
    <div class="shell">
      <a class="skip" href="#main" onClick=${skip}>${words.value.skip}</a>
      <${Rail} page=${page} />
      <div class="content">
        ${connection.value === "offline" && html`<p class="lost" role="status"><${Icon} name="alert" />${words.value.lost}</p>`}
        <${Page} key=${page.path} page=${page} />
      </div>
      <${Offers} />
    </div>
  `;
}

function skip(event) {
  event.preventDefault();
  (document.getElementById("talk") ?? document.querySelector("main"))?.focus();
}

/** A page's own module is fetched when the page is opened for the first time. */
function Page({ page }) {
  const [loaded, setLoaded] = useState(null);
  const [error, setError] = useState(null);
  const load = () => page.load().then((module) => setLoaded(module.default), setError);
  useEffect(() => void load(), []);
  if (error) return html`<main class="centred"><${Failure} error=${error} again=${load} /></main>`;
  if (!loaded) return html`<main class="centred"></main>`;
  const [, ...params] = route.value.path;
  return html`<${loaded.view} params=${params} query=${route.value.query} />`;
}

render(html`<${App} />`, document.getElementById("app"));
