/* The bar at the edge: pages, help, and the agent's own menu with presence. */

import { html } from "../html.js";
import { link } from "../router.js";
import { pagesFor } from "../pages.js";
import { waitingForMe } from "../store/queue.js";
import { me, people, setPresence, signOut } from "../store/session.js";
import { locale, sendsOnEnter, theme } from "../store/preferences.js";
import { words } from "../strings.js";
import { ask } from "../ui/dialog.js";
import { Icon } from "../ui/icons.js";
import { initials } from "../ui/marks.js";
import { Menu } from "../ui/menu.js";
import { attempt } from "../ui/toast.js";
import { Account } from "./account.js";
import { askToNotify, notifies, stopNotifying } from "./notifications.js";
import { Help } from "./help.js";

const TONES = { online: "good", away: "warn", offline: "" };
const THEMES = ["auto", "light", "dark"];

export function Rail({ page }) {
  return html`
    <nav class="rail" aria-label=${words.value.navigation}>
      <a class="logo" href=${link("c")} aria-label="Kefu"><img src="/console/icon.svg" alt="" width="30" height="30" /></a>
      <ul>
        ${pagesFor(me.value.role).map((one) => html`<${PageLink} key=${one.path} one=${one} isHere=${one === page} />`)}
      </ul>
      <div class="foot">
        <button class="button plain square" type="button" title=${`${words.value.shortcuts.title} (?)`} aria-label=${words.value.shortcuts.title} onClick=${() => ask(Help)}>
          <${Icon} name="help" />
        </button>
        <${Mine} />
      </div>
    </nav>
  `;
}

function PageLink({ one, isHere }) {
  const name = words.value.pages[one.name];
  const waiting = one.path === "c" ? waitingForMe.value : 0;
  return html`
    <li>
      <a href=${link(one.path)} title=${name} aria-current=${isHere ? "page" : undefined}>
        <${Icon} name=${one.icon} /><span>${name}</span>
        ${waiting > 0 && html`<span class="count">${waiting}<span class="quiet"> ${words.value.queue.unread}</span></span>`}
      </a>
    </li>
  `;
}

function Mine() {
  const { account, presences } = words.value;
  const presence = me.value.presence;
  const here = people.value.find((one) => one.id === me.value.id);
  const load = here?.load ?? me.value.load;
  const presenceChoices = Object.keys(TONES).map((one) => ({
    label: presences[one],
    isChosen: one === presence,
    pick: () => attempt(() => setPresence(one)),
  }));
  const choices = [
    ...presenceChoices,
    null,
    { label: account.title, hint: account.load(load, me.value.capacity), pick: () => ask(Account) },
    null,
    ...preferences(account),
    null,
    { label: account.signOut, pick: () => attempt(signOut) },
  ];
  return html`
    <${Menu} label=${`${me.value.name}, ${presences[presence]}`} kind="plain square me" opens="up" choices=${choices}>
      <span class="avatar" aria-hidden="true">${initials(me.value.name)}</span>
      <span class=${`dot ${TONES[presence]}`}></span>
    <//>
  `;
}

function preferences(account) {
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length];
  return [
    { label: words.value.otherLanguage, hint: account.language, pick: () => (locale.value = locale.value === "zh" ? "en" : "zh") },
    { label: account.themes[theme.value], hint: account.theme, pick: () => (theme.value = next) },
    { label: account.sends[sendsOnEnter.value], hint: account.send, pick: () => (sendsOnEnter.value = !sendsOnEnter.value) },
    { label: account.notified[notifies.value], hint: account.notify, pick: notifies.value ? stopNotifying : askToNotify },
  ];
}
