/* The administrators' pages; supervisors see those that are theirs as well. */

import { html } from "../html.js";
import { link } from "../router.js";
import { me } from "../store/session.js";
import { AgentsPage } from "./agents.js";
import { AuditPage } from "./audit.js";
import { CannedPage } from "./canned.js";
import { DeliveriesPage } from "./deliveries.js";
import { SettingsPage } from "./settings.js";
import { words } from "./words.js";

const TABS = [
  { name: "agents", view: AgentsPage },
  { name: "canned", view: CannedPage },
  { name: "deliveries", view: DeliveriesPage },
  { name: "audit", view: AuditPage, isForAdmins: true },
  { name: "settings", view: SettingsPage, isForAdmins: true },
];

function AdminPage({ params }) {
  const tabs = TABS.filter((tab) => !tab.isForAdmins || me.value.role === "admin");
  const here = tabs.find((tab) => tab.name === params[0]) ?? tabs[0];
  return html`
    <main class="figures-page" id="main" tabindex="-1">
      <header class="page-head"><h1>${words.value.title}</h1></header>
      <nav class="page-tabs" aria-label=${words.value.title}>
        ${tabs.map((tab) => html`<a key=${tab.name} href=${link("admin", tab.name)} aria-current=${tab === here ? "page" : undefined}>${words.value.tabs[tab.name]}</a>`)}
      </nav>
      <${here.view} key=${here.name} />
    </main>
  `;
}

export default { view: AdminPage };
