/* The help's articles that fit the last messages, or what one searches for; to read, and to put into the answer. */

import { useEffect, useState } from "preact/hooks";

import * as api from "../api.js";
import { html } from "../html.js";
import { suggestions, usePart } from "../store/beside.js";
import { insert, inserted } from "../store/drafts.js";
import { words } from "../strings.js";
import { Icon } from "../ui/icons.js";
import { Empty, Waiting } from "../ui/states.js";

const SEARCH_MS = 200;

export function Articles() {
  const [search, setSearch] = useState("");
  const [found, setFound] = useState(null);
  const { value } = usePart(suggestions);
  useEffect(() => {
    if (!search.trim()) return setFound(null);
    const pause = setTimeout(() => api.get("articles", { search }).then(setFound, () => setFound([])), SEARCH_MS);
    return () => clearTimeout(pause);
  }, [search]);
  const shown = found ?? value?.articles;
  const { side } = words.value;
  return html`
    <div class="searching"><${Icon} name="search" /><input type="search" value=${search} aria-label=${side.searchArticles} placeholder=${side.searchArticles} onInput=${(event) => setSearch(event.target.value)} /></div>
    ${shown ? shown.map((one) => html`<${Article} key=${one.id} article=${one} />`) : html`<${Waiting} rows=${4} />`}
    ${shown?.length === 0 && html`<${Empty} icon="article" title=${side.noArticles} />`}
  `;
}

function Article({ article }) {
  const use = () => {
    insert(article.text);
    inserted.value = { id: article.id, source: "article", text: article.text };
  };
  return html`
    <article class="article">
      <h3>${article.url ? html`<a href=${article.url} target="_blank" rel="noopener">${article.title}</a>` : article.title}</h3>
      ${article.text && html`<p class="small">${article.text}</p><button class="button tight" type="button" onClick=${use}><${Icon} name="reply" />${words.value.side.insert}</button>`}
    </article>
  `;
}
