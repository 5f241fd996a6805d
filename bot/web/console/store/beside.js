/* What is loaded beside a conversation when somebody looks at it: context, profile, orders, suggestions. */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import * as api from "../api.js";
import { hear } from "../live.js";
import { locale } from "./preferences.js";
import { item, openId } from "./conversation.js";

/** `{ value, error, isLoading }` of one part, by conversation and language; asked for again when `load` is called. */
function part(name) {
  const state = signal({ id: null, value: null, error: null, isLoading: false });
  const load = async () => {
    const id = openId.value;
    const before = state.value.id === id ? state.value.value : null;
    state.value = { id, value: before, error: null, isLoading: true };
    try {
      const value = await api.get(api.at("conversations", id, name));
      if (id === openId.value) state.value = { id, value, error: null, isLoading: false };
    } catch (error) {
      if (id === openId.value) state.value = { id, value: before, error, isLoading: false };
    }
  };
  return { state, load };
}

export const context = part("context");
export const profile = part("profile");
export const orders = part("orders");
export const suggestions = part("suggestions");

/** Load the part for the open conversation; again when it, the language, the owner, or `also` changes. */
export function usePart({ state, load }, also = null) {
  const id = openId.value;
  const owner = item.value?.state;
  useEffect(() => {
    if (id) load();
  }, [id, locale.value, owner, also]);
  return state.value.id === id ? state.value : { value: null, error: null, isLoading: true };
}

/* New words of the customer make other suggestions fitting. */
let pause = 0;
hear("lines", (frame) => {
  if (frame.conversation_id !== openId.value || !frame.lines.some((line) => line.kind === "customer")) return;
  clearTimeout(pause);
  pause = setTimeout(() => openId.value && suggestions.load(), 400);
});
