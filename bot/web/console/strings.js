/* What the desk says, in the language that the agent chose. */

import { computed } from "@preact/signals";

import { locale } from "./store/preferences.js";
import { en } from "./words/en.js";
import { zh } from "./words/zh.js";

/**
 * A signal that holds one of the two, as the language is switched.
 * @template T
 * @param {{ en: T, zh: T }} both
 */
export function inLanguages(both) {
  return computed(() => both[locale.value]);
}

export const words = inLanguages({ en, zh });
