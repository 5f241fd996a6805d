/* When a person is called or there: what stands above the log, who is typing, and telling them that the customer writes. */

import { make } from "./elements.js";

const TELL_MS = 3000;
const LAPSES_MS = 6000;

/** The line above the log: nothing while the bot answers. */
export function ownerNotice(words, { owner, agent, position }) {
  if (owner === "agent") return agent?.name ? words.agentNamed(agent.name) : words.agentJoined;
  if (owner === "queue") return position > 0 ? words.waitingAt(position) : words.waiting;
  return "";
}

/** Three dots, with a person's name beside them when it is a person. */
export class Typing {
  constructor() {
    this.name = make("span", { class: "meta" });
    const dots = make("span", { class: "bubble dots", "aria-hidden": "true" }, make("i"), make("i"), make("i"));
    this.element = make("div", { class: "row bot", hidden: true }, this.name, dots);
  }

  show(words, { on, who, name }) {
    clearTimeout(this.lapse);
    this.element.hidden = !on;
    this.name.textContent = on && who === "agent" ? words.isTyping(name || words.agent) : "";
    if (on && who === "agent") this.lapse = setTimeout(() => (this.element.hidden = true), LAPSES_MS);
  }
}

/** Says at most every few seconds that the customer writes, and only while a person is there to see it. */
export class Teller {
  constructor(connection) {
    this.connection = connection;
    this.last = 0;
  }

  typed(owner) {
    if (owner === "bot" || Date.now() - this.last < TELL_MS) return;
    this.last = Date.now();
    this.connection.write({ type: "typing", on: true });
  }
}
