/* The token that says who is signed in lives for an hour at most. Before it ends, or when it is refused, the page is asked
 * for a new one: it hears "kefu:identify" and calls Kefu.identify(token). Once a minute is enough. */

const SOON_MS = 60000;
const PAUSE_MS = 60000;

export class Renewal {
  constructor() {
    this.askedAt = -PAUSE_MS;
  }

  /** Called again and again while the customer is connected. */
  look(token) {
    if (token && endOf(token) - Date.now() < SOON_MS) this.ask();
  }

  ask() {
    if (performance.now() - this.askedAt < PAUSE_MS) return;
    this.askedAt = performance.now();
    document.dispatchEvent(new CustomEvent("kefu:identify"));
  }
}

/** In milliseconds. Whether the token is genuine is for the server to say. */
function endOf(token) {
  try {
    return JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))).exp * 1000;
  } catch {
    return Infinity;
  }
}
