/* Preact's elements, written as tagged templates. Text is only ever a text node. */

import htm from "htm";
import { h } from "preact";

export const html = htm.bind(h);
