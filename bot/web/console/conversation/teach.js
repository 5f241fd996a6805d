/* Teaching the bot in one click: what the customer wanted, or which article answers it. It waits in the review queue. */

import { useEffect, useId, useState } from "preact/hooks";

import * as api from "../api.js";
import { html } from "../html.js";
import { lines, openId } from "../store/conversation.js";
import { locale } from "../store/preferences.js";
import { words } from "../strings.js";
import { Dialog } from "../ui/dialog.js";
import { Empty } from "../ui/states.js";
import { attempt, toast } from "../ui/toast.js";

const KINDS = ["intent", "article"];
const SEARCH_MS = 200;

export function Teach({ turn, intents, close }) {
  const [kind, setKind] = useState("intent");
  const [search, setSearch] = useState("");
  const found = useFound(kind, search, intents);
  const { teach } = words.value;
  const id = useId();
  const choose = (one) =>
    attempt(async () => {
      const chosen = kind === "intent" ? { intent: one.id } : { article_id: one.id };
      const { is_kept: isKept } = await api.post(api.at("conversations", openId.value, "teach"), { turn, ...chosen });
      if (isKept) toast(teach.thanks);
      else toast(teach.noted, { kind: "warn", detail: teach.notKept });
      close(true);
    });
  /** Enter takes the one that is left. */
  const submit = (event) => {
    event.preventDefault();
    if (found.length === 1) choose(found[0]);
  };
  const message = lines.value.find((line) => line.kind === "customer" && line.turn === turn)?.text;
  return html`
    <${Dialog} title=${teach.title} close=${close}>
      <p class="muted">${teach.about}</p>
      ${message && html`<blockquote class="said">${message}</blockquote>`}
      <div class="switch" role="group" aria-label=${teach.title}>
        ${KINDS.map((one) => html`<button key=${one} class="button plain" type="button" aria-pressed=${one === kind} onClick=${() => setKind(one)}>${teach.kinds[one]}</button>`)}
      </div>
      <form class="field" onSubmit=${submit}>
        <label for=${id}>${teach.search[kind]}</label>
        <input id=${id} type="search" autofocus value=${search} onInput=${(event) => setSearch(event.target.value)} />
      </form>
      <ul class="picking">
        ${found.map((one) => html`<li key=${one.id}><button class="button plain" type="button" onClick=${() => choose(one)}><span>${one.title}</span>${one.hint && html`<span class="muted tiny">${one.hint}</span>`}</button></li>`)}
      </ul>
      ${found.length === 0 && html`<${Empty} icon="search" title=${teach.none} />`}
    <//>
  `;
}

/** `[{ id, title, hint }]`: intents are searched here, those the bot thought of first; articles by the server. */
function useFound(kind, search, guessed) {
  const [intents, setIntents] = useState([]);
  const [articles, setArticles] = useState([]);
  useEffect(() => void api.get("intents").then(setIntents, () => {}), [locale.value]);
  useEffect(() => {
    if (kind !== "article") return undefined;
    const pause = setTimeout(() => api.get("articles", { search }).then(setArticles, () => {}), SEARCH_MS);
    return () => clearTimeout(pause);
  }, [kind, search]);
  if (kind === "article") return articles.map(({ id, title }) => ({ id, title }));
  const rank = new Map(guessed.map((one, number) => [one.intent, number]));
  const wanted = search.trim().toLowerCase();
  return intents
    .filter((one) => !wanted || `${one.title} ${one.name.replaceAll("_", " ")}`.toLowerCase().includes(wanted))
    .sort((one, other) => (rank.get(one.name) ?? 999) - (rank.get(other.name) ?? 999) || one.title.localeCompare(other.title))
    .map((one) => ({ id: one.name, title: one.title, hint: rank.has(one.name) ? words.value.teach.guessed : "" }));
}
