/* Figures as people read them. What is not known is a dash, never a nought. */

import { locale } from "../store/preferences.js";
import { duration } from "../ui/time.js";
import { words } from "./words.js";

export const UNKNOWN = "–";

export function whole(count) {
  return count == null ? UNKNOWN : count.toLocaleString(locale.value);
}

export function percent(share) {
  return share == null ? UNKNOWN : share.toLocaleString(locale.value, { style: "percent", maximumFractionDigits: 0 });
}

/** "67 – 81 %": where the true share lies, nineteen times of twenty. */
export function interval({ low, high }) {
  if (low == null) return "";
  return `${Math.round(low * 100)} – ${percent(high)}`;
}

export function decimal(value, digits = 1) {
  return value == null ? UNKNOWN : value.toLocaleString(locale.value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A mood from −1 to 1, with its sign: always two decimals, and a minus that is one. */
export function mood(value) {
  if (value == null) return UNKNOWN;
  const figure = value.toLocaleString(locale.value, { signDisplay: "exceptZero", minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return figure.replace("-", "−");
}

export function time(seconds) {
  if (seconds == null) return UNKNOWN;
  return seconds < 1 ? words.value.atOnce : duration(seconds);
}

export function shortDay(day) {
  return noon(day).toLocaleDateString(locale.value, { day: "numeric", month: "short" });
}

export function longDay(day) {
  return noon(day).toLocaleDateString(locale.value, { weekday: "short", day: "numeric", month: "long" });
}

/** A day of the shop's calendar; at noon, so that no time zone makes it another one. */
function noon(day) {
  return new Date(`${day}T12:00:00`);
}
