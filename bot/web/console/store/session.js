/* Who is signed in. */

import { computed, signal } from "@preact/signals";

import * as api from "../api.js";
import { connect, disconnect, hear } from "../live.js";

/** null until the server has answered; then `{ me, csrf, demo }`, me null when nobody is signed in. */
export const session = signal(null);
export const me = computed(() => session.value?.me ?? null);
/** Everybody who works here: `[{ id, name, presence, is_present, load, capacity … }]`. */
export const people = signal([]);

hear("people", (frame) => (people.value = frame.people));
hear("signed_out", () => ended());

export async function begin() {
  began(await api.get("session"));
}

/** Resolves to true when a code from the authenticator is needed as well. Who comes to work is available. */
export async function signIn(email, password, code) {
  const answer = await api.post("session", { email, password, ...(code && { code }) });
  if (answer.code_needed) return true;
  began({ ...session.value, ...answer });
  if (answer.me.role === "agent" && !answer.me.must_change_password) await setPresence("online");
  return false;
}

export async function signOut(everywhere = false) {
  await api.remove(everywhere ? "sessions" : "session");
  ended();
}

export function update(known) {
  session.value = { ...session.value, me: { ...me.value, ...known } };
}

export async function setPresence(presence) {
  update(await api.put("me/presence", { presence }));
}

export function hasRole(...roles) {
  return roles.includes(me.value?.role);
}

function began(answer) {
  session.value = answer;
  api.open(answer.csrf, ended);
  if (!answer.me) return;
  connect();
  api.get("people").then((found) => (people.value = found), () => {});
}

function ended() {
  disconnect();
  session.value = { ...session.value, me: null, csrf: null };
  begin().catch(() => {});
}
