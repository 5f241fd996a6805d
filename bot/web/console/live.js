/* News from the server over one WebSocket. After a lost connection it comes back by itself and asks for what it missed
 * by the number of the last frame it saw. */

import { signal } from "@preact/signals";

const PING_MS = 25000;
const ACTIVE_MS = 60000;
const LONGEST_WAIT_MS = 15000;
const SIGNED_OUT = 4401;

/** "online", "offline" (coming back) or "closed" (not wanted). */
export const connection = signal("closed");

const listeners = new Map();
let socket = null;
let seq = null;
let attempts = 0;
let retry = 0;
let lastActive = 0;

export function hear(type, listener) {
  listeners.set(type, [...(listeners.get(type) ?? []), listener]);
}

export function connect() {
  if (socket && socket.readyState <= WebSocket.OPEN) return;
  clearTimeout(retry);
  const opened = new WebSocket(new URL("/console/api/live", location.href.replace(/^http/, "ws")));
  socket = opened;
  opened.onopen = () => send({ type: "hello", seq });
  opened.onmessage = (event) => receive(JSON.parse(event.data));
  opened.onclose = (event) => opened === socket && closed(event.code);
}

export function disconnect() {
  const old = socket;
  socket = null;
  seq = null;
  clearTimeout(retry);
  connection.value = "closed";
  old?.close();
}

export function send(frame) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
}

function receive(frame) {
  if (frame.seq) seq = Math.max(seq ?? 0, frame.seq);
  if (frame.type === "welcome") {
    attempts = 0;
    connection.value = "online";
  }
  for (const listener of listeners.get(frame.type) ?? []) listener(frame);
}

function closed(code) {
  if (code === SIGNED_OUT) return receive({ type: "signed_out" });
  connection.value = "offline";
  const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** attempts) * (0.5 + Math.random() / 2);
  attempts += 1;
  retry = setTimeout(connect, wait);
  return undefined;
}

/** What a person did keeps the session from ending; a page left open does not. */
function stayActive() {
  if (Date.now() - lastActive < ACTIVE_MS) return;
  lastActive = Date.now();
  send({ type: "active" });
}

setInterval(() => send({ type: "ping" }), PING_MS);
window.addEventListener("online", () => connection.value === "offline" && connect());
for (const input of ["pointerdown", "keydown"]) document.addEventListener(input, stayActive, { capture: true, passive: true });
