/* The supervisors' figures, and the visits behind each of them. */

import { useEffect } from "preact/hooks";

import { html } from "../html.js";
import { loadTitles } from "./asking.js";
import { Overview } from "./overview.js";
import { VisitsPage } from "./visits.js";

function AnalyticsPage({ params, query }) {
  useEffect(() => void loadTitles(), []);
  return html`<main class="figures-page" id="main" tabindex="-1">${params[0] === "visits" ? html`<${VisitsPage} key=${query.toString()} figure=${query.get("figure") ?? ""} />` : html`<${Overview} />`}</main>`;
}

export default { view: AnalyticsPage };
