/* Small builders for the widget's DOM. Text from the server only ever becomes text nodes. */

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null && child !== ""));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  attach: "M8 12l6-6a3 3 0 0 1 4 4l-8 8a5 5 0 0 1-7-7l8-8",
  chat: "M4 5h16v11H9l-5 4z",
  close: "M5 5l14 14M19 5L5 19",
  restart: "M4 12a8 8 0 1 0 3-6.2M4 4v5h5",
  send: "M4 12l16-8-6 16-3-7z",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "aria-hidden": "true" }))
    svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  for (const key of ["stroke-linecap", "stroke-linejoin"]) path.setAttribute(key, "round");
  path.setAttribute("stroke-width", "2");
  svg.append(path);
  return svg;
}

const LINK = /(https?:\/\/[^\s<>"'（）()，。；！？、]+|\/articles\/[\w-]+(?:\?[\w=&-]+)?)/g;

/* A picture, or nothing where it lies on another origin: the widget asks no stranger for anything. */
export function picture(address, origin, attributes = {}) {
  const { href, origin: home, protocol } = new URL(address, origin);
  if (home !== new URL(origin).origin && home !== location.origin && protocol !== "data:") return null;
  return make("img", { src: href, alt: "", ...attributes });
}

/* The text with its web addresses as links; the shop's own pages are addressed relative to Kefu's origin. */
export function linked(text, origin) {
  return text.split(LINK).map((part, index) => {
    if (index % 2 === 0) return part;
    return make("a", { href: new URL(part, origin).href, target: "_blank", rel: "noopener noreferrer" }, part);
  });
}
