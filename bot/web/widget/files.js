/* Files that the customer attaches: chosen, pasted or dropped; listed with name and size before they are sent, uploaded
 * with the message. And files in the log: pictures as such, anything else as a link to download it. */

import { icon, make } from "./elements.js";

const MOST = 10;

export class Files {
  constructor(chat) {
    this.chat = chat;
    this.chosen = [];
    this.picker = make("input", { type: "file", multiple: true, hidden: true, onchange: () => this.picked() });
    this.button = make("button", { class: "attach", type: "button", onclick: () => this.picker.click() }, icon("attach"));
    this.tray = make("ul", { class: "tray", hidden: true });
    this.said = make("p", { class: "trouble", role: "alert", hidden: true });
    this.terms = { limit_bytes: Infinity, types: [] };
  }

  /** What the server takes, from its `welcome`. */
  allow(terms) {
    if (!terms) return;
    this.terms = terms;
    this.picker.accept = terms.types.join(",");
  }

  translate() {
    const words = this.chat.words.files;
    this.chat.label(this.button, words.attach);
    this.tray.setAttribute("aria-label", words.chosen);
    for (const one of this.chosen) this.chat.label(one.removeButton, words.remove(one.file.name));
  }

  /** Takes what is dropped on `panel` or pasted into `input`. */
  listen(panel, input) {
    panel.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
    panel.addEventListener("drop", (event) => this.given(event, event.dataTransfer));
    input.addEventListener("paste", (event) => this.given(event, event.clipboardData));
  }

  given(event, transfer) {
    if (!transfer.files.length) return;
    event.preventDefault();
    this.add(transfer.files);
  }

  picked() {
    this.add(this.picker.files);
    this.picker.value = "";
  }

  add(files) {
    this.trouble("");
    for (const file of files) {
      if (file.size > this.terms.limit_bytes) this.trouble(this.chat.words.files.tooLarge(file.name, sized(this.terms.limit_bytes)));
      else if (this.chosen.length < MOST) this.list(file);
      else this.trouble(this.chat.words.files.tooMany(MOST));
    }
    this.changed();
    this.chat.input.focus();
  }

  list(file) {
    const one = { file, bar: make("progress", { max: "1", value: "0", hidden: true, "aria-label": file.name }) };
    one.removeButton = make("button", { type: "button", onclick: () => this.remove(one) }, icon("close"));
    this.chat.label(one.removeButton, this.chat.words.files.remove(file.name));
    const about = make("span", { class: "meta" }, sized(file.size));
    one.element = make("li", {}, make("span", { class: "name" }, file.name), about, one.bar, one.removeButton);
    this.chosen.push(one);
    this.tray.append(one.element);
  }

  remove(one) {
    one.request?.abort();
    this.chosen = this.chosen.filter((other) => other !== one);
    one.element.remove();
    this.changed();
    this.chat.input.focus();
  }

  changed() {
    this.tray.hidden = this.chosen.length === 0;
    this.chat.grow();
    this.chat.scrollToEnd();
  }

  clear() {
    for (const one of [...this.chosen]) this.remove(one);
    this.trouble("");
  }

  trouble(text) {
    this.said.hidden = !text;
    this.said.textContent = text;
  }

  /** Uploads all of them. Returns what the message names, or null where one was not taken: that one stays, and says why. */
  async upload() {
    this.trouble("");
    const all = await Promise.all(this.chosen.map((one) => this.send(one)));
    if (all.some((kept) => kept === null)) return null;
    this.chosen = [];
    this.tray.replaceChildren();
    this.changed();
    return all;
  }

  async send(one) {
    if (!one.kept) one.kept = await this.post(one);
    return one.kept;
  }

  /** XMLHttpRequest, because fetch tells no progress. */
  post(one) {
    const request = (one.request = new XMLHttpRequest());
    request.open("POST", new URL("/webhooks/web/files", this.chat.origin));
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("x-kefu-session", this.chat.connection.session || "");
    request.setRequestHeader("x-file-name", encodeURIComponent(one.file.name));
    one.bar.hidden = false;
    request.upload.addEventListener("progress", ({ loaded, total }) => (one.bar.value = total ? loaded / total : 0));
    return new Promise((resolve) => {
      const end = (kept) => {
        one.bar.hidden = true;
        resolve(kept);
      };
      request.addEventListener("load", () => end(request.status === 200 ? JSON.parse(request.response) : this.refused(one, request.status)));
      request.addEventListener("error", () => end(this.refused(one, 0)));
      request.addEventListener("abort", () => end(null));
      request.send(one.file);
    });
  }

  refused({ file }, status) {
    const words = this.chat.words.files;
    const why = { 413: words.tooLarge(file.name, sized(this.terms.limit_bytes)), 415: words.notTaken(file.name), 429: words.enough };
    this.trouble(why[status] || words.failed(file.name));
    return null;
  }
}

/** A file in the log. */
export function shown(chat, { kind, name, size, url }) {
  const href = new URL(url, chat.origin).href;
  const isOurs = href.startsWith(`${chat.origin}/`);
  const inside = kind === "image" && isOurs ? make("img", { class: "picture", src: href, alt: name, onload: () => chat.scrollToEnd() }) : `${name || href}`;
  const about = size ? make("span", { class: "meta" }, sized(size)) : null;
  return make("a", { class: "file", href, target: "_blank", rel: "noopener noreferrer" }, inside, kind === "image" ? null : about);
}

export function sized(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${Math.round(bytes / 1e5) / 10} MB`;
}
