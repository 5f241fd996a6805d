/* What the figures are called, in the agent's language. */

import { inLanguages } from "../strings.js";
import { en } from "./words/en.js";
import { zh } from "./words/zh.js";

export const words = inLanguages({ en, zh });
