/* The conversation that is open: its lines, who else looks at it, and what is known beside it. */

import { batch, computed, effect, signal } from "@preact/signals";

import * as api from "../api.js";
import { hear, send } from "../live.js";
import { complain } from "../ui/toast.js";
import { items, keep } from "./queue.js";
import { me } from "./session.js";

const PAGE = 100;
const TYPING_LASTS_MS = 6000;
const CLOCKS_APART_SECONDS = 30;

export const openId = signal(null);
export const item = computed(() => items.value.get(openId.value) ?? null);
export const because = signal([]);
export const others = signal([]);
export const viewers = signal([]);
export const isCustomerTyping = signal(false);
export const hasEarlier = signal(false);
export const failure = signal(null);
const byKey = signal(new Map());
export const lines = computed(() => [...byKey.value.values()].sort((one, other) => one.at - other.at || (one.seq ?? 0) - (other.seq ?? 0)));
export const isLoaded = signal(false);

/** Show this one, or none. */
export async function open(conversationId) {
  if (conversationId !== openId.value) forget(conversationId);
  send({ type: "look", conversation_id: conversationId });
  if (conversationId) await reload();
}

export async function reload() {
  const id = openId.value;
  if (!id) return;
  try {
    const found = await api.get(api.at("conversations", id), { limit: PAGE });
    if (id === openId.value) show(found);
  } catch (error) {
    if (id === openId.value) failure.value = error;
  }
}

export async function loadEarlier() {
  const id = openId.value;
  const first = lines.value.find((line) => line.seq !== null)?.seq;
  const found = await api.get(api.at("conversations", id), { before: first, limit: PAGE });
  if (id !== openId.value) return;
  batch(() => {
    put(found.lines);
    hasEarlier.value = found.has_more;
  });
}

export function put(changed, gone = []) {
  const next = new Map(byKey.value);
  for (const line of changed) next.set(line.key, line);
  for (const key of gone) next.delete(key);
  byKey.value = next;
}

let seenUpTo = 0;

/** Tell the server that everything shown was read, once it is. */
export function markSeen() {
  const last = Math.max(0, ...lines.value.map((line) => line.seq ?? 0));
  if (last <= seenUpTo || !item.value?.unread || document.hidden) return;
  seenUpTo = last;
  keep({ ...item.value, unread: 0 });
  api.post(api.at("conversations", openId.value, "seen"), { seq: last }).catch(() => {});
}

function forget(conversationId) {
  batch(() => {
    openId.value = conversationId;
    byKey.value = new Map();
    because.value = others.value = viewers.value = [];
    isCustomerTyping.value = isLoaded.value = hasEarlier.value = false;
    failure.value = null;
  });
  seenUpTo = 0;
}

function show(found) {
  batch(() => {
    failure.value = null;
    keep(found.item);
    put(found.lines, pendingSaid(found.lines));
    because.value = found.because;
    others.value = found.other_conversations;
    viewers.value = found.viewers;
    isCustomerTyping.value = found.customer_typing;
    hasEarlier.value = found.has_more;
    isLoaded.value = true;
  });
  markSeen();
}

/** Lines of ours that were shown before the server had them, and have come back since. */
function pendingSaid(found) {
  const said = found.filter((line) => line.kind === "agent");
  const isBack = (mine) => said.some((line) => line.text === mine.text && line.at > mine.at - CLOCKS_APART_SECONDS);
  return lines.value.filter((line) => ["now", "sent"].includes(line.sending) && isBack(line)).map((line) => line.key);
}

let lapse = 0;
function typing({ conversation_id, who, on }) {
  if (conversation_id !== openId.value || who !== "customer") return;
  isCustomerTyping.value = on;
  clearTimeout(lapse);
  if (on) lapse = setTimeout(() => (isCustomerTyping.value = false), TYPING_LASTS_MS);
}

hear("lines", (frame) => {
  if (frame.conversation_id !== openId.value) return;
  batch(() => {
    put(frame.lines, pendingSaid(frame.lines));
    if (frame.lines.some((line) => line.kind === "customer")) isCustomerTyping.value = false;
  });
  markSeen();
});
hear("typing", typing);
hear("hidden", ({ conversation_id }) => {
  if (conversation_id !== openId.value) return;
  forget(conversation_id);
  reload(); // which says that it is not there any more
});
hear("viewers", (frame) => {
  if (frame.conversation_id === openId.value) viewers.value = frame.viewers.filter((one) => one.id !== me.value?.id);
});
hear("welcome", (frame) => {
  send({ type: "look", conversation_id: openId.value });
  if (frame.refetch) reload().catch(complain);
});
document.addEventListener("visibilitychange", () => markSeen());
/* Whichever comes first, the line or that there is one. */
effect(() => void (item.value?.unread && markSeen()));
