/* The console's pages. A page's module has `export default { view }`, a component that is handed `params` (what follows in
 * the address) and `query`. `name` is its word in strings (words.pages) and its icon. */

const EVERYBODY = ["agent", "supervisor", "admin"];
const LEADING = ["supervisor", "admin"];

export const PAGES = [
  { path: "c", name: "desk", icon: "chat", roles: EVERYBODY, load: () => import("./desk/page.js") },
  { path: "board", name: "board", icon: "board", roles: LEADING, load: () => import("./board/page.js") },
  { path: "analytics", name: "analytics", icon: "analytics", roles: LEADING, load: () => import("./analytics/page.js") },
  { path: "admin", name: "admin", icon: "admin", roles: LEADING, load: () => import("./admin/page.js") },
];

export function pagesFor(role) {
  return PAGES.filter((page) => page.roles.includes(role));
}

/** The desk, where the address names no page or one that is not for this role. */
export function pageOf([first], role) {
  return pagesFor(role).find((page) => page.path === first) ?? PAGES[0];
}
