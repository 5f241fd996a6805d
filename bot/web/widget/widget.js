/* Kefu's chat widget: put <script src="https://your-kefu/widget/widget.js" defer></script> on a page.
 *
 * Attributes: data-locale ("en" | "zh", default: the page's language), data-token (signed identity of the customer),
 * data-title, data-title-zh. Script access: window.Kefu.open(), .close(), .identify(token | null), .setLocale(locale).
 * Events of the document: "kefu:message", and "kefu:identify" when a new token is needed.
 * This loader is small on purpose; everything else is fetched from the same origin as itself.
 */
(() => {
  "use strict";
  const script = document.currentScript;
  const base = new URL(".", script.src);
  const options = { ...script.dataset };

  const ready = import(new URL("chat.js", base).href).then(({ mount }) => mount(base, options));
  ready.catch((error) => console.error("Kefu could not start:", error));

  window.Kefu = {
    open: () => ready.then((chat) => chat.open()),
    close: () => ready.then((chat) => chat.close()),
    identify: (token) => ready.then((chat) => chat.identify(token)),
    setLocale: (locale) => ready.then((chat) => chat.setLocale(locale)),
  };
})();
