/* Who is signed in. */

import { computed, signal } from "@preact/signals";

import * as api from "../api.js";
import { connect, disconnect, hear } from "../live.js";

/**
 * null until the server has answered; then `{ me, csrf, demo, ended }`, me null when nobody is signed in. `ended` says why
 * nobody is any more ("disabled", "expired", "ended"), null for who has signed out here or was never in.
 */
export const session = signal(null);
export const me = computed(() => session.value?.me ?? null);
/** Everybody who works here: `[{ id, name, presence, is_present, load, capacity … }]`. */
export const people = signal([]);

hear("people", (frame) => (people.value = frame.people));
let isLeaving = false;
hear("signed_out", (frame) => isLeaving || over(frame.why));

/** `why`: what we know already of the end of the session before. */
export async function begin(why) {
  const answer = await api.get("session");
  began({ ...answer, ended: answer.me ? null : (why ?? answer.ended) || null });
}

/** Resolves to true when a code from the authenticator is needed as well. Who comes to work is available. */
export async function signIn(email, password, code) {
  const answer = await api.post("session", { email, password, ...(code && { code }) });
  if (answer.code_needed) return true;
  began({ ...session.value, ...answer, ended: null });
  if (answer.me.role === "agent" && !answer.me.must_change_password) await setPresence("online");
  return false;
}

export async function signOut(everywhere = false) {
  isLeaving = true;
  try {
    await api.remove(everywhere ? "sessions" : "session");
  } finally {
    isLeaving = false;
  }
  location.hash = "";
  over(null);
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
  api.open(answer.csrf, () => over());
  if (!answer.me || answer.me.must_change_password) return;
  connect();
  api.get("people").then((found) => (people.value = found), () => {});
}

/** The page stays where it is, so that whoever comes back goes on there. `why` null: they left by themselves. */
function over(why) {
  if (!me.value) return;
  disconnect();
  session.value = { ...session.value, me: null, csrf: null, ended: why ?? null };
  begin(why === null ? "" : why).catch(() => {});
}
