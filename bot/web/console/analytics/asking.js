/* What the figures are asked for stands in the address, so that a page can be sent to a colleague and gone back to. */

import { computed, signal } from "@preact/signals";

import * as api from "../api.js";
import { link, route } from "../router.js";

const NAMES = ["from", "to", "channel", "customer_language", "intent", "segment", "agent", "return_hours"];
const DAY_MS = 86400000;

/** The filters in use, as the server wants them. */
export const asked = computed(() => Object.fromEntries(NAMES.map((name) => [name, route.value.query.get(name) ?? ""]).filter(([, value]) => value)));

/** The address of the page of figures, or of the visits behind one of them. */
export function pageOf(changes = {}) {
  return address(link("analytics"), { ...asked.value, ...changes });
}

export function behind(figure, changes = {}) {
  return address(link("analytics", "visits"), { ...asked.value, figure, ...changes });
}

/** The filter that shows one group of a comparison alone. */
export function only(by, key) {
  return { [by === "language" ? "customer_language" : by]: key };
}

export function ask(changes) {
  location.hash = pageOf(changes);
}

export function lastDays(count) {
  const day = (before) => new Date(Date.now() - before * DAY_MS).toLocaleDateString("sv");
  return { from: day(count - 1), to: day(0) };
}

export function fileAddress(query) {
  const url = new URL("/console/api/analytics/csv", location.origin);
  for (const [name, value] of Object.entries({ ...asked.value, ...query })) url.searchParams.set(name, value);
  return url.href;
}

function address(base, query) {
  const given = Object.entries(query).filter(([, value]) => value !== "" && value != null);
  return given.length ? `${base}?${new URLSearchParams(given)}` : base;
}

const titles = signal({});

/** What people call an intent. */
export function intentName(intent) {
  return titles.value[intent] ?? (intent ? intent.replaceAll("_", " ") : "");
}

export async function loadTitles() {
  const found = await api.get("intents").catch(() => []);
  titles.value = Object.fromEntries(found.filter((one) => one.title).map((one) => [one.name, one.title]));
}
