/* The chat window: a web component around one Connection. */

import { Connection } from "./connection.js";
import { icon, make } from "./elements.js";
import { Files } from "./files.js";
import { Teller, Typing, ownerNotice } from "./person.js";
import { choices, row, spoken } from "./rows.js";
import { STRINGS, chooseLocale } from "./strings.js";
import { sheet } from "./style.js";

const OPEN_KEY = "kefu.open";
const LOCALE_KEY = "kefu.locale";
const MAX_TEXT = 4000;

class KefuChat extends HTMLElement {
  start(base, options) {
    this.origin = base.origin;
    this.options = options;
    this.locale = chooseLocale(localStorage.getItem(LOCALE_KEY) || options.locale);
    this.unread = 0;
    this.state = "connecting";
    this.owned = { owner: "bot" };
    this.pending = new Map();
    const address = new URL("/webhooks/web/ws", base);
    address.protocol = address.protocol.replace("http", "ws");
    this.connection = new Connection(address.href, { token: options.token || null, locale: this.locale });
    this.teller = new Teller(this.connection);
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
    this.build();
    this.listen();
    if (sessionStorage.getItem(OPEN_KEY)) this.open(false);
    for (const message of this.connection.unsent) this.showPending(message);
    this.connection.connect();
    return this;
  }

  get words() {
    return STRINGS[this.locale];
  }

  /* ---- structure ---- */

  build() {
    this.badge = make("span", { class: "badge", hidden: true });
    this.launcher = make("button", { class: "launcher", type: "button", onclick: () => this.toggle() }, icon("chat"), this.badge);
    this.heading = make("h2", { id: "kefu-title" });
    this.status = make("span", { class: "state" });
    this.languageButton = make("button", { type: "button", onclick: () => this.switchLanguage() });
    this.restartButton = make("button", { type: "button", onclick: () => this.restart() }, icon("restart"));
    this.closeButton = make("button", { type: "button", onclick: () => this.close() }, icon("close"));
    this.notice = make("div", { class: "notice", role: "status", hidden: true });
    this.log = make("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0" });
    this.typing = new Typing();
    this.input = make("textarea", { rows: "1", maxlength: MAX_TEXT, oninput: () => this.typed(), onkeydown: (event) => this.key(event) });
    this.sendButton = make("button", { class: "send", type: "submit" }, icon("send"));
    this.files = new Files(this);
    const form = make("form", { onsubmit: (event) => this.submit(event) }, this.files.picker, this.files.button, this.input, this.sendButton);
    const bar = make("div", { class: "bar" }, make("div", { class: "name" }, this.heading, this.status), this.languageButton, this.restartButton, this.closeButton);
    this.panel = make("div", { class: "panel", role: "dialog", "aria-labelledby": "kefu-title", hidden: true }, bar, this.notice, this.log, this.files.tray, this.files.said, form);
    this.files.listen(this.panel, this.input);
    this.stayAtEnd();
    this.panel.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    this.shadowRoot.append(this.panel, this.launcher);
    this.welcome();
    this.translate();
    this.grow();
  }

  translate() {
    const words = this.words;
    this.lang = this.locale === "zh" ? "zh-CN" : "en";
    this.shadowRoot.querySelector(".panel").lang = this.lang;
    this.heading.textContent = (this.locale === "zh" ? this.options.titleZh : this.options.title) || words.title;
    this.languageButton.textContent = words.switchShort;
    this.label(this.languageButton, words.switchLanguage);
    this.label(this.restartButton, words.restart);
    this.label(this.closeButton, words.close);
    this.label(this.log, words.log);
    this.label(this.input, words.input);
    this.label(this.sendButton, words.send);
    this.input.placeholder = words.placeholder;
    this.files.translate();
    this.showState();
    this.showUnread();
    if (this.greeting) this.greeting.replaceWith((this.greeting = this.greetingRow()));
  }

  label(element, text) {
    element.setAttribute("aria-label", text);
    if (element.tagName === "BUTTON") element.title = text;
  }

  welcome() {
    this.greeting = this.greetingRow();
    this.log.append(this.greeting, this.typing.element);
  }

  greetingRow() {
    const suggestions = this.words.suggestions.map(([title, payload]) => ({ title, payload }));
    return make("div", { class: "row bot" }, make("div", { class: "bubble" }, this.words.welcome), choices(this, suggestions));
  }

  /* ---- what the server says ---- */

  listen() {
    const on = (type, handle) => this.connection.addEventListener(type, (event) => handle(event.detail));
    on("welcome", (frame) => (this.setOwner(frame), this.files.allow(frame.files)));
    on("message", (frame) => this.showMessage(frame));
    on("typing", (frame) => this.showTyping(frame));
    on("owner", (frame) => this.setOwner(frame));
    on("state", ({ state }) => this.setState(state));
    on("begun", () => this.showAnew());
    on("error", (frame) => this.refused(frame.code));
  }

  refused(code) {
    if (code !== "identity_expired") this.showNotice(this.words.errors[code] || this.words.errors.other, 6000);
  }

  showMessage(frame) {
    this.pending.get(frame.id)?.remove();
    this.pending.delete(frame.id);
    if (frame.role !== "user") this.showTyping({ on: false });
    this.freezeChoices();
    this.insert(row(this, frame));
    document.dispatchEvent(new CustomEvent("kefu:message", { detail: { role: frame.role, seq: frame.seq } }));
    if (frame.role !== "user" && this.panel.hidden) this.showUnread((this.unread += 1));
  }

  showPending({ id, text, files = [] }, names = files.map(() => "…")) {
    const said = [text, ...names].filter(Boolean).join("\n");
    const shown = make("div", { class: "row user pending" }, make("div", { class: "bubble" }, spoken(this, { role: "user" }), said), make("span", { class: "meta" }, this.words.sending));
    this.pending.set(id, shown);
    this.insert(shown);
  }

  freezeChoices() {
    for (const button of this.log.querySelectorAll(".choices button:enabled")) button.disabled = true;
  }

  insert(element) {
    this.log.insertBefore(element, this.typing.element);
    if (this.isAtEnd || element.classList.contains("user")) this.scrollToEnd();
  }

  /* Whoever reads the end goes on reading it when a notice, a keyboard or a picture takes room. */
  stayAtEnd() {
    this.isAtEnd = true;
    this.log.addEventListener("scroll", () => (this.isAtEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80));
    this.log.addEventListener("load", () => this.isAtEnd && this.scrollToEnd(), true);
    new ResizeObserver(() => this.isAtEnd && this.scrollToEnd()).observe(this.log);
  }

  scrollToEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  showTyping(frame) {
    this.typing.show(this.words, frame);
    if (frame.on) this.scrollToEnd();
  }

  setState(state) {
    this.state = state;
    if (state === "offline") this.showTyping({ on: false });
    this.showState();
  }

  setOwner({ owner, agent, position }) {
    this.owned = { owner, agent, position };
    this.showState();
  }

  showState() {
    const words = this.words;
    this.status.textContent = this.state === "online" ? words.online : words.connecting;
    this.showNotice(this.state === "offline" ? words.offline : ownerNotice(words, this.owned));
  }

  showNotice(text, forMs) {
    this.notice.hidden = !text;
    this.notice.textContent = text || "";
    if (forMs) setTimeout(() => this.showState(), forMs);
  }

  showUnread() {
    this.badge.hidden = this.unread === 0;
    this.badge.textContent = this.unread;
    const isOpen = !this.panel.hidden;
    this.launcher.setAttribute("aria-expanded", isOpen);
    const count = this.unread ? ` (${this.words.unread(this.unread)})` : "";
    this.label(this.launcher, (isOpen ? this.words.close : this.words.open) + count);
  }

  /* ---- what the customer does ---- */

  say(text, files = []) {
    const clean = text.trim();
    if (!clean && !files.length) return;
    this.freezeChoices();
    this.showPending(this.connection.send(clean, files), files.map(({ name }) => name));
    if (this.owned.owner === "bot" && this.state === "online") this.showTyping({ on: true });
  }

  async submit(event) {
    event.preventDefault();
    if (this.isUploading) return;
    const files = this.files.chosen.length ? await this.uploaded() : [];
    if (files === null) return;
    this.say(this.input.value, files);
    this.input.value = "";
    this.grow();
    this.input.focus();
  }

  async uploaded() {
    this.isUploading = true;
    this.grow();
    const files = await this.files.upload();
    this.isUploading = false;
    this.grow();
    return files;
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
  }

  typed() {
    this.grow();
    if (this.input.value) this.teller.typed(this.owned.owner);
  }

  grow() {
    this.input.style.height = "auto";
    if (this.input.scrollHeight) this.input.style.height = `${this.input.scrollHeight + 2}px`;
    this.sendButton.disabled = this.isUploading || !(this.input.value.trim() || this.files.chosen.length);
  }

  toggle() {
    if (this.panel.hidden) this.open();
    else this.close();
  }

  open(takeFocus = true) {
    this.panel.hidden = false;
    this.classList.add("open");
    sessionStorage.setItem(OPEN_KEY, "1");
    this.unread = 0;
    this.showUnread();
    this.scrollToEnd();
    if (takeFocus) this.input.focus();
  }

  close() {
    this.panel.hidden = true;
    this.classList.remove("open");
    sessionStorage.removeItem(OPEN_KEY);
    this.showUnread();
    this.launcher.focus();
  }

  restart() {
    this.connection.restart();
    this.files.clear();
    this.owned = { owner: "bot" };
    this.showAnew();
    this.input.focus();
  }

  showAnew() {
    this.pending.clear();
    this.log.replaceChildren();
    this.welcome();
    for (const message of this.connection.unsent) this.showPending(message);
  }

  identify(token) {
    this.connection.identify(token);
  }

  switchLanguage() {
    this.setLocale(this.locale === "zh" ? "en" : "zh");
  }

  setLocale(locale) {
    this.locale = chooseLocale(locale);
    localStorage.setItem(LOCALE_KEY, this.locale);
    this.connection.locale = this.locale;
    this.translate();
  }
}

export function mount(base, options) {
  if (!customElements.get("kefu-chat")) customElements.define("kefu-chat", KefuChat);
  const chat = document.createElement("kefu-chat");
  document.body.append(chat);
  return chat.start(base, options);
}
