/* What the administrators' pages say. */

import { inLanguages } from "../strings.js";
import { en } from "./words/en.js";
import { zh } from "./words/zh.js";

export const words = inLanguages({ en, zh });
