/* The list of conversations with its tabs, search and filters. */

import { useEffect, useRef } from "preact/hooks";

import { html } from "../html.js";
import { TABS, counts, failed, hasMore, isLoading, load, search, shown, tab } from "../store/queue.js";
import { me, setPresence } from "../store/session.js";
import { words } from "../strings.js";
import { Icon } from "../ui/icons.js";
import { Menu } from "../ui/menu.js";
import { Empty, Failure, Waiting } from "../ui/states.js";
import { attempt } from "../ui/toast.js";
import { Filters } from "./filters.js";
import { Row } from "./row.js";

const FIRST = 3; // the tabs that are always seen

export function Queue() {
  return html`
    <section class="queue" aria-label=${words.value.queue.title}>
      <header>
        <div class="searching">
          <${Icon} name="search" />
          <input id="search" type="search" value=${search.value} aria-label=${words.value.queue.search} placeholder=${words.value.queue.search} onInput=${(event) => (search.value = event.target.value)} />
        </div>
        <${Filters} />
      </header>
      <${NotHere} />
      ${search.value ? null : html`<${Tabs} />`}
      <${List} />
    </section>
  `;
}

/** Who is away is offered nothing, and should know it. */
function NotHere() {
  if (me.value.presence === "online" || me.value.role !== "agent") return null;
  const { notHere, beHere } = words.value.queue;
  return html`
    <p class="away" role="status">
      <span>${notHere}</span><button class="button tight" type="button" onClick=${() => attempt(() => setPresence("online"))}>${beHere}</button>
    </p>
  `;
}

function Tabs() {
  const { tabs, moreTabs } = words.value.queue;
  const rest = TABS.slice(FIRST);
  const isRest = rest.includes(tab.value);
  const choices = rest.map((one) => ({ label: tabs[one], hint: counts.value[one] || "", isChosen: one === tab.value, pick: () => (tab.value = one) }));
  return html`
    <div class="tabs">
      ${TABS.slice(0, FIRST).map((one) => html`<${Tab} key=${one} name=${one} />`)}
      <${Menu} label=${isRest ? `${moreTabs}: ${tabs[tab.value]}` : moreTabs} kind=${`tab ${isRest ? "here" : ""}`} choices=${choices}>
        <span>${isRest ? tabs[tab.value] : moreTabs}</span><${Icon} name="chevron" />
      <//>
    </div>
  `;
}

function Tab({ name }) {
  const count = counts.value[name];
  return html`
    <button class=${`tab ${name === tab.value ? "here" : ""}`} type="button" aria-pressed=${name === tab.value} onClick=${() => (tab.value = name)}>
      ${words.value.queue.tabs[name]}${count > 0 && html`<span class="number">${count}</span>`}
    </button>
  `;
}

function List() {
  if (failed.value) return html`<${Failure} error=${failed.value} again=${() => load()} />`;
  if (!shown.value.length) return isLoading.value ? html`<${Waiting} rows=${6} />` : html`<${NoneHere} />`;
  return html`
    <ol class="rows" aria-label=${words.value.queue.title}>
      ${shown.value.map((item) => html`<${Row} key=${item.conversation_id} item=${item} />`)}
      ${hasMore.value && html`<${More} key="more" />`}
    </ol>
  `;
}

/** Comes into view at the list's end, and asks for the next page. */
function More() {
  const end = useRef(null);
  useEffect(() => {
    const watcher = new IntersectionObserver(([seen]) => seen.isIntersecting && !isLoading.value && load({ more: true }));
    watcher.observe(end.current);
    return () => watcher.disconnect();
  }, [shown.value.length]);
  return html`<li ref=${end} class="more"><button class="button plain" type="button" onClick=${() => load({ more: true })}>${words.value.more}</button></li>`;
}

function NoneHere() {
  const { empty, noResult } = words.value.queue;
  const [icon, { title, text }] = search.value ? ["search", noResult(search.value)] : ["check", empty[tab.value]];
  return html`<${Empty} icon=${icon} title=${title} text=${text} />`;
}
