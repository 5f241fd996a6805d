/* Where we are: the part of the address after "#", as `{ path: ["c", "web:abc"], query }`. */

import { signal } from "@preact/signals";

export const route = signal(read());

window.addEventListener("hashchange", () => (route.value = read()));

function read() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { path: path.split("/").filter(Boolean).map(decode), query: new URLSearchParams(query) };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a percent sign that begins nothing
  }
}

/** "#/c/web%3Aabc" of ("c", "web:abc"). */
export function link(...path) {
  return `#/${path.map(encodeURIComponent).join("/")}`;
}

export function go(...path) {
  location.hash = link(...path);
}
