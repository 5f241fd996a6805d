/* Keys for everything that is done often. They never fire while somebody types, nor with a dialog open. */

import { choose } from "../conversation/composer.js";
import { DOING } from "../conversation/header.js";
import { go } from "../router.js";
import { item, openId } from "../store/conversation.js";
import { isSideOpen } from "../store/preferences.js";
import { TABS, shown, tab } from "../store/queue.js";
import { ask } from "../ui/dialog.js";
import { Help } from "./help.js";
import { accept, offers } from "./offers.js";

const WRITING = "input, textarea, select, [contenteditable]";

export const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  r: () => openId.value && choose("reply"),
  n: () => openId.value && choose("note"),
  t: () => run("take"),
  h: () => run("hand-back"),
  x: () => run("transfer"),
  s: () => run("snooze"),
  e: () => run("resolve"),
  l: () => run("tags"),
  a: () => offers.value[0] && accept(offers.value[0]),
  "/": () => document.getElementById("search")?.focus(),
  "[": () => (isSideOpen.value = !isSideOpen.value),
  "?": () => ask(Help),
  ...Object.fromEntries(TABS.map((name, number) => [String(number + 1), () => (tab.value = name)])),
};

export function followShortcuts() {
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
}

function press(event) {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.(WRITING) || document.querySelector("dialog[open], [role=menu]")) return;
  const action = KEYS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

function run(name) {
  if (item.value && DOING[name].isFor()) DOING[name].run();
}

function move(step) {
  const ids = shown.value.map((one) => one.conversation_id);
  const next = ids[Math.max(0, ids.indexOf(openId.value) + step)] ?? ids.at(-1);
  if (!next) return;
  go("c", next);
  document.querySelector(`.row a[href="#/c/${encodeURIComponent(next)}"]`)?.scrollIntoView({ block: "nearest" });
}
