/* The list of conversations: a tab of it, filtered and sorted, page by page, and kept up to date by the live frames. */

import { batch, computed, effect, signal } from "@preact/signals";

import * as api from "../api.js";
import { hear } from "../live.js";
import { complain } from "../ui/toast.js";
import { sortedBy } from "./preferences.js";
import { me } from "./session.js";
import { belongs, compare, isOfferedTo, matches } from "./sorting.js";

export const TABS = ["mine", "unassigned", "all", "snoozed", "resolved", "bot"];
const PAGE = 60;
const SEARCH_MS = 250;
/** What is left of a conversation that this agent does not see any more, for a page that still has it open. */
const NOBODY = { id: null, name: null };
const HIDDEN = { state: "hidden", customer: NOBODY, agent: null, offered_to: null, reason: null, last: null, tags: [], unread: 0 };

export const tab = signal("mine");
export const filters = signal({});
export const search = signal("");
export const counts = signal({});
export const isLoading = signal(false);
export const failed = signal(null);
/** Conversations by id, whatever tab they are in. */
export const items = signal(new Map());
const listed = signal(new Set());
const cursor = signal(null);

export const hasMore = computed(() => cursor.value !== null);
export const shown = computed(() => {
  const known = [...listed.value].map((id) => items.value.get(id));
  return known.filter((item) => item && isHere(item)).sort(compare(sortedBy.value));
});
/** What waits for this agent: offers, and unread in their own conversations. */
export const waitingForMe = computed(() => [...items.value.values()].filter(waits).length);

function waits(item) {
  return isOfferedTo(item, me.value) || (belongs(item, "mine", me.value) && item.unread > 0);
}

let asked = 0;

export async function load({ more = false } = {}) {
  const mine = (asked += 1);
  isLoading.value = true;
  try {
    const page = await api.get("queue", query(more));
    if (mine === asked) show(page, more);
  } catch (error) {
    if (mine === asked) fail(error, more);
  } finally {
    if (mine === asked) isLoading.value = false;
  }
}

/** One that is not in the list, for example a link to it. */
export async function find(conversationId) {
  const item = items.value.get(conversationId) ?? (await api.get(api.at("queue", conversationId)));
  keep(item);
  return item;
}

export function keep(...changed) {
  const next = new Map(items.value);
  for (const item of changed) if (isNewer(item, next.get(item.conversation_id))) next.set(item.conversation_id, item);
  items.value = next;
}

export function setFilter(name, value) {
  filters.value = { ...filters.value, [name]: value };
}

/** A conversation changed: it may enter this list by itself, unless what is searched for only the server can see. */
function hears(frames) {
  batch(() => {
    keep(...frames);
    const entered = frames.filter((item) => !search.value && isHere(item)).map((item) => item.conversation_id);
    if (entered.some((id) => !listed.value.has(id))) listed.value = new Set([...listed.value, ...entered]);
  });
}

function isNewer(item, known) {
  if (!known || item.epoch !== known.epoch) return !known || item.epoch > known.epoch;
  return item.updated_at >= known.updated_at;
}

function isHere(item) {
  const isFound = search.value || belongs(item, tab.value, me.value);
  return isFound && item.state !== HIDDEN.state && matches(item, filters.value);
}

/** `language` is the customers' here, not that of the words. */
function query(more) {
  const where = search.value ? "everything" : tab.value;
  return { language: "", ...filters.value, tab: where, search: search.value, sort: sortedBy.value, limit: PAGE, cursor: more ? cursor.value : "" };
}

function show(page, more) {
  batch(() => {
    failed.value = null;
    keep(...page.items);
    const ids = page.items.map((item) => item.conversation_id);
    listed.value = new Set(more ? [...listed.value, ...ids] : ids);
    cursor.value = page.next_cursor;
    counts.value = page.counts;
  });
}

function fail(error, more) {
  if (more) complain(error);
  else failed.value = error;
}

/* Frames come in bursts; they are shown together, once a frame of the screen. */
let burst = [];
hear("item", ({ item }) => {
  if (burst.push(item) === 1) setTimeout(() => hears(burst.splice(0)), 50);
});
/* It is a colleague's now, and this agent sees only their own (KEFU_AGENTS_SEE): nothing of it stays here. */
hear("hidden", ({ conversation_id }) => {
  burst = burst.filter((item) => item.conversation_id !== conversation_id);
  const known = items.value.get(conversation_id);
  if (known) items.value = new Map(items.value).set(conversation_id, { ...known, ...HIDDEN });
});
hear("counts", (frame) => (counts.value = { ...counts.value, ...frame.counts }));
hear("welcome", (frame) => frame.refetch && load());

/** Load again whenever another list is asked for; what is typed into the search waits for a pause. */
export function follow() {
  let pause = 0;
  return effect(() => {
    void [tab.value, filters.value, search.value, sortedBy.value];
    clearTimeout(pause);
    if (me.value?.id) pause = setTimeout(load, search.peek() ? SEARCH_MS : 0);
  });
}
