/* One conversation over one WebSocket at a time: reconnects by itself, replays what was missed, resends what was not
 * accepted. A message leaves `unsent` only when the server says it has stored it, so neither a lost connection nor a
 * reload loses one; the id is the server's key against answering it twice. */

import { Renewal } from "./identity.js";

const SESSION_KEY = "kefu.session";
const UNSENT_KEY = "kefu.unsent";
const MAX_DELAY_MS = 15000;
const PING_MS = 25000;
const REFUSALS = ["identity_expired", "identity_refused"];

export class Connection extends EventTarget {
  constructor(url, { token = null, locale = "en" } = {}) {
    super();
    this.url = url;
    this.token = token;
    this.locale = locale;
    this.lastSeq = 0;
    this.shown = null; // the session of what is shown
    this.attempts = 0;
    this.renewal = new Renewal();
    this.unsent = recall(UNSENT_KEY) || [];
    window.addEventListener("online", () => this.connect());
  }

  connect() {
    if (this.socket && this.socket.readyState <= WebSocket.OPEN) return;
    clearTimeout(this.retry);
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.addEventListener("open", () => this.hello());
    socket.addEventListener("message", (event) => this.receive(JSON.parse(event.data)));
    socket.addEventListener("close", () => socket === this.socket && this.lost());
  }

  hello() {
    const { session, token, locale } = this;
    const last_seq = session === this.shown ? this.lastSeq : 0;
    this.write({ type: "hello", session, last_seq, token, locale, page: location.origin + location.pathname });
    clearInterval(this.pinging);
    this.pinging = setInterval(() => this.ping(), PING_MS);
  }

  ping() {
    this.write({ type: "ping" });
    this.renewal.look(this.token);
  }

  receive(frame) {
    if (frame.type === "welcome") this.welcomed(frame);
    if (frame.type === "accepted") this.accepted(frame.id);
    if (REFUSALS.includes(frame.code)) this.renewal.ask();
    if (frame.type === "message") {
      if (frame.seq <= this.lastSeq) return;
      this.lastSeq = frame.seq;
      if (frame.role === "user") this.accepted(frame.id);
    }
    this.tell(frame.type, frame);
  }

  welcomed(frame) {
    this.attempts = 0;
    if (recall(SESSION_KEY) !== frame.session) remember(SESSION_KEY, frame.session);
    if (this.shown !== frame.session) this.begun(frame.session);
    this.tell("state", { state: "online" });
    for (const message of this.unsent) this.write({ type: "message", ...message });
  }

  /* Another conversation than the one that is shown: somebody else is signed in, or another window began anew. */
  begun(session) {
    if (this.shown) this.tell("begun");
    this.shown = session;
    this.lastSeq = 0;
  }

  accepted(id) {
    this.unsent = this.unsent.filter((message) => message.id !== id);
    remember(UNSENT_KEY, this.unsent);
  }

  get session() {
    return recall(SESSION_KEY) || this.shown;
  }

  /* `files` are uploads; only their ids are sent, their names are for those who look. */
  send(text, files = []) {
    const message = { id: newId(), text, ...(files.length && { files: files.map(({ id }) => id) }) };
    this.unsent.push(message);
    remember(UNSENT_KEY, this.unsent);
    this.write({ type: "message", ...message });
    return message;
  }

  identify(token) {
    this.token = token;
    this.write({ type: "identify", token });
  }

  restart() {
    this.unsent = [];
    this.shown = null;
    remember(UNSENT_KEY, this.unsent);
    remember(SESSION_KEY, null);
    this.socket?.close();
  }

  lost() {
    clearInterval(this.pinging);
    this.tell("state", { state: "offline" });
    const delay = Math.min(MAX_DELAY_MS, 500 * 2 ** this.attempts) * (0.5 + Math.random() / 2);
    this.attempts += 1;
    this.retry = setTimeout(() => this.connect(), delay);
  }

  write(frame) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null; // storage is blocked or holds something else: the conversation then lives as long as the page
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // as above
  }
}
