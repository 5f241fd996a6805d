/* What this browser remembers of an agent: language, colours, how a message is sent, which parts are folded. */

import { effect, signal } from "@preact/signals";

const KEY = "kefu.console";
const remembered = recall();

export const locale = signal(remembered.locale ?? (navigator.language.startsWith("zh") ? "zh" : "en"));
/** "auto" follows the system. */
export const theme = signal(remembered.theme ?? "auto");
export const sendsOnEnter = signal(remembered.sendsOnEnter ?? true);
export const wantsNotifications = signal(remembered.wantsNotifications ?? false);
export const folded = signal(remembered.folded ?? []);
/** On a narrow screen the side covers the conversation, and is only there when asked for. */
export const isSideOpen = signal(matchMedia("(min-width: 75rem)").matches);
export const sortedBy = signal(remembered.sortedBy ?? "waiting");

effect(() => {
  const now = { locale, theme, sendsOnEnter, wantsNotifications, folded, sortedBy };
  const values = Object.fromEntries(Object.entries(now).map(([name, one]) => [name, one.value]));
  try {
    localStorage.setItem(KEY, JSON.stringify(values));
  } catch {
    // storage is blocked: they then live as long as the page
  }
});

effect(() => {
  document.documentElement.lang = locale.value === "zh" ? "zh-CN" : "en";
  document.documentElement.dataset.theme = theme.value;
});

function recall() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}
