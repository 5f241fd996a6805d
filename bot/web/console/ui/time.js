/* Times as people say them. `now` ticks, so that what is waited for is seen to pass. */

import { signal } from "@preact/signals";

import { locale } from "../store/preferences.js";
import { words } from "../strings.js";

const TICK_MS = 1000;
export const now = signal(Date.now());
setInterval(() => document.hidden || (now.value = Date.now()), TICK_MS);
document.addEventListener("visibilitychange", () => (now.value = Date.now()));

export function milliseconds(moment) {
  return typeof moment === "number" ? moment * 1000 : Date.parse(moment);
}

/** "42 s", "3 min", "1 h 20": as short as a list needs it. */
export function duration(seconds) {
  const { seconds: s, minutes: m, hours: h, days: d } = words.value.units;
  const rounded = Math.max(0, Math.floor(seconds));
  if (rounded < 60) return s(rounded);
  if (rounded < 3600) return m(Math.floor(rounded / 60));
  if (rounded < 86400) return h(Math.floor(rounded / 3600), Math.floor((rounded % 3600) / 60));
  return d(Math.floor(rounded / 86400));
}

export function since(moment) {
  return duration((now.value - milliseconds(moment)) / 1000);
}

export function until(moment) {
  return duration((milliseconds(moment) - now.value) / 1000);
}

export function clock(moment) {
  return new Date(milliseconds(moment)).toLocaleTimeString(locale.value, { hour: "2-digit", minute: "2-digit" });
}

export function day(moment) {
  const then = new Date(milliseconds(moment));
  if (then.toDateString() === new Date().toDateString()) return words.value.today;
  return then.toLocaleDateString(locale.value, { weekday: "short", day: "numeric", month: "short" });
}

export function date(moment) {
  return new Date(milliseconds(moment)).toLocaleDateString(locale.value, { dateStyle: "medium" });
}

export function full(moment) {
  return new Date(milliseconds(moment)).toLocaleString(locale.value, { dateStyle: "medium", timeStyle: "short" });
}
