/* What stands in the log: a message with its choices, cards and picture, or one line about who is there now. `chat` gives
 * the words, the page's origin, and what to do when something is chosen. */

import { linked, make, picture } from "./elements.js";
import { shown } from "./files.js";

/** Said once in the middle, not as somebody's words. */
const NEWS = ["joined", "left", "back", "resolved"];

export function row(chat, frame) {
  if (NEWS.includes(frame.notice)) return make("p", { class: "row news" }, frame.text);
  const cards = frame.cards || [];
  const element = make("div", { class: `row ${frame.role}${cards.length ? " wide" : ""}` });
  if (frame.role === "agent" && frame.name) element.append(make("span", { class: "meta" }, frame.name));
  if (frame.text) element.append(make("div", { class: "bubble" }, spoken(chat, frame), ...linked(frame.text, chat.origin)));
  const image = frame.image && picture(frame.image, chat.origin, { class: "picture" });
  if (image) element.append(image);
  for (const file of frame.files || []) element.append(shown(chat, file));
  if (cards.length) element.append(cardList(chat, cards));
  if (frame.rows?.length) element.append(choices(chat, frame.rows));
  if (frame.buttons?.length) element.append(choices(chat, frame.buttons));
  return element;
}

/** Who says it, for those who don't see on which side it stands. */
export function spoken(chat, { role, name }) {
  const words = { user: chat.words.you, agent: name ? "" : chat.words.agent };
  return make("span", { class: "quiet" }, words[role] === "" ? "" : `${words[role] ?? chat.words.bot}: `);
}

export function choices(chat, buttons) {
  const list = make("div", { class: "choices", role: "group", "aria-label": chat.words.suggestionsLabel });
  for (const { title, payload, description } of buttons) {
    const more = description ? make("small", {}, description) : null;
    list.append(make("button", { type: "button", onclick: () => chat.say(payload) }, title, more));
  }
  return list;
}

function cardList(chat, cards) {
  const list = make("div", { class: "cards", role: "group", tabindex: "0", "aria-label": chat.words.suggestionsLabel });
  for (const card of cards) list.append(cardOf(chat, card));
  return list;
}

function cardOf(chat, { title, subtitle, image, price, buttons = [] }) {
  const box = make("article", { class: "card" });
  const photo = image && picture(image, chat.origin, { loading: "lazy" });
  if (photo) box.append(photo);
  box.append(make("h3", {}, title));
  if (price) box.append(make("p", { class: "price" }, price));
  if (subtitle) box.append(make("p", {}, subtitle));
  box.append(make("span", { class: "spacer" }));
  for (const { title: text, payload } of buttons) box.append(make("button", { type: "button", onclick: () => chat.say(payload) }, text));
  return box;
}
