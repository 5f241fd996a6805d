/* What was written but not sent yet, by conversation: looking at another one loses nothing, nor does a reload. */

import { computed, effect, signal } from "@preact/signals";

import * as api from "../api.js";
import { words } from "../strings.js";
import { toast } from "../ui/toast.js";
import { openId } from "./conversation.js";

const KEY = "kefu.drafts";
const EMPTY = { text: "", note: "", mode: "reply", files: [] };
export const LARGEST_BYTES = 10_000_000;
const drafts = signal(recall());

export const draft = computed(() => drafts.value[openId.value] ?? EMPTY);
/** Where the next suggestion's words came from, so that what became of it can be told. */
export const inserted = signal(null);

export function change(values, conversationId = openId.value) {
  const now = { ...(drafts.value[conversationId] ?? EMPTY), ...values };
  drafts.value = { ...drafts.value, [conversationId]: now };
}

export function clear(conversationId = openId.value) {
  const { [conversationId]: _gone, ...rest } = drafts.value;
  drafts.value = rest;
  inserted.value = null;
}

/** Put words where the agent writes, as a reply. */
export function insert(text) {
  change({ text: draft.value.text.trim() ? `${draft.value.text.trimEnd()}\n${text}` : text, mode: "reply" });
  document.getElementById("composer")?.focus();
}

/** Sent to the server at once, so that the message itself goes quickly. */
export async function attach(files) {
  const conversationId = openId.value;
  for (const file of files) {
    if (file.size > LARGEST_BYTES) {
      toast(words.value.composer.tooLarge(file.name), { kind: "bad", detail: words.value.composer.tooLargeHint });
      continue;
    }
    const id = api.newId();
    edit(conversationId, (held) => [...held, { id, name: file.name, size: file.size, isLoading: true }]);
    const stored = await send(conversationId, file);
    edit(conversationId, (held) => held.flatMap((one) => (one.id === id ? (stored ?? []) : [one])));
  }
}

export function detach(id) {
  edit(openId.value, (held) => held.filter((one) => one.id !== id));
}

async function send(conversationId, file) {
  try {
    return await api.upload(`${api.at("conversations", conversationId, "files")}?name=${encodeURIComponent(file.name)}`, file);
  } catch (error) {
    const { title, detail } = words.value.failure(error);
    toast(words.value.composer.notUploaded(file.name), { kind: "bad", detail: `${title} ${detail}` });
    return null;
  }
}

function edit(conversationId, change_) {
  change({ files: change_(drafts.value[conversationId]?.files ?? []) }, conversationId);
}

effect(() => {
  const kept = Object.entries(drafts.value).map(([id, one]) => [id, { ...one, files: one.files.filter((file) => !file.isLoading) }]);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries(kept)));
  } catch {
    // storage is blocked: drafts then live as long as the page
  }
});

function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}
