/* The widget's look. A constructed stylesheet needs no 'unsafe-inline' in the page's Content-Security-Policy. */

const CSS = `
:host { --brand: #14532d; --brand-ink: #fff; --ink: #1c1917; --dim: #57534e; --paper: #fff; --wash: #f5f5f4;
  --line: #d6d3d1; --mine: #14532d; --mine-ink: #fff; --focus: #1d4ed8;
  position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
@media (prefers-color-scheme: dark) {
  :host { --brand: #86efac; --brand-ink: #052e16; --ink: #f5f5f4; --dim: #d6d3d1; --paper: #1c1917; --wash: #292524;
    --line: #57534e; --mine: #166534; --mine-ink: #fff; --focus: #93c5fd; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
button, textarea { font: inherit; color: inherit; }
button { cursor: pointer; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher { width: 60px; height: 60px; border: 0; border-radius: 50%; background: var(--brand); color: var(--brand-ink);
  box-shadow: 0 6px 20px rgb(0 0 0 / .25); display: grid; place-items: center; position: relative; margin-left: auto; }
.launcher svg { width: 28px; height: 28px; }
.badge { position: absolute; top: -4px; right: -4px; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px;
  background: #b91c1c; color: #fff; font-size: 13px; line-height: 22px; }

.panel { width: 380px; height: min(620px, calc(100vh - 110px)); display: flex; flex-direction: column; overflow: hidden;
  background: var(--paper); border: 1px solid var(--line); border-radius: 16px; box-shadow: 0 12px 40px rgb(0 0 0 / .22);
  margin-bottom: 14px; }
.bar { display: flex; align-items: center; gap: 4px; padding: 12px 10px 12px 16px; background: var(--brand);
  color: var(--brand-ink); }
.bar h2 { margin: 0; font-size: 16px; line-height: 1.3; }
.bar .state { font-size: 12px; display: block; }
.bar .name { flex: 1; min-width: 0; }
.bar button { border: 0; background: none; color: inherit; min-width: 36px; height: 36px; border-radius: 8px; padding: 6px; }
.bar button:hover { background: rgb(127 127 127 / .25); }
.bar svg { width: 20px; height: 20px; display: block; margin: auto; }
.notice { padding: 6px 16px; background: #fef3c7; color: #422006; font-size: 13px; }

.log { flex: 1; overflow-y: auto; padding: 16px; display: flex; flex-direction: column; gap: 10px; overscroll-behavior: contain; }
.row { max-width: 86%; display: flex; flex-direction: column; gap: 6px; align-self: flex-start; }
.row.user { align-self: flex-end; align-items: flex-end; }
.bubble { padding: 9px 13px; border-radius: 14px; background: var(--wash); white-space: pre-wrap; overflow-wrap: anywhere; }
.user .bubble { background: var(--mine); color: var(--mine-ink); border-bottom-right-radius: 4px; }
.bot .bubble, .agent .bubble { border-bottom-left-radius: 4px; }
.agent .bubble { border: 1px solid var(--brand); }
.bubble a { color: inherit; text-decoration: underline; }
.news { align-self: center; max-width: 100%; margin: 4px 0; color: var(--dim); font-size: 13px; text-align: center; }
.pending .bubble { opacity: .75; }
.meta { font-size: 12px; color: var(--dim); }
.picture { max-width: 100%; max-height: 240px; border-radius: 10px; display: block; }
.file { display: inline-flex; gap: 8px; align-items: baseline; color: inherit; border: 1px solid var(--line); border-radius: 12px;
  padding: 7px 12px; overflow-wrap: anywhere; }
.file:has(img) { border: 0; padding: 0; }
.tray { list-style: none; margin: 0; padding: 8px 12px 0; display: flex; flex-direction: column; gap: 6px; max-height: 140px;
  overflow-y: auto; border-top: 1px solid var(--line); }
.tray li { display: flex; align-items: center; gap: 8px; padding: 3px 4px 3px 12px; background: var(--wash); border-radius: 10px; font-size: 13px; }
.tray .name { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.tray progress { width: 60px; accent-color: var(--brand); }
.tray button, .attach { border: 0; background: none; border-radius: 10px; display: grid; place-items: center; color: var(--dim); }
.tray button { width: 30px; height: 30px; } .tray svg { width: 14px; height: 14px; }
.attach { width: 40px; height: 42px; } .attach svg { width: 21px; height: 21px; }
.tray button:hover, .attach:hover { background: var(--wash); color: var(--ink); }
.trouble { margin: 0; padding: 8px 14px 0; color: var(--ink); font-size: 13px; }
.choices small { display: block; color: var(--dim); }
.choices { display: flex; flex-wrap: wrap; gap: 8px; }
.choices button, .card button { border: 1px solid var(--brand); background: var(--paper); color: var(--brand); border-radius: 16px;
  padding: 5px 12px; text-align: left; }
.choices button:hover:enabled, .card button:hover { background: var(--wash); }
.choices button:disabled { border-color: var(--line); color: var(--dim); cursor: default; }
.cards { display: flex; gap: 10px; overflow-x: auto; padding: 2px 2px 8px; max-width: 100%; }
.row.wide { max-width: 100%; width: 100%; }
.card { flex: 0 0 190px; border: 1px solid var(--line); border-radius: 12px; padding: 10px; display: flex; flex-direction: column; gap: 5px; }
.card h3 { margin: 0; font-size: 14px; }
.card p { margin: 0; font-size: 13px; color: var(--dim); }
.card .price { color: var(--ink); font-weight: 600; }
.card img { width: 100%; aspect-ratio: 4 / 3; object-fit: cover; border-radius: 8px; background: var(--wash); }
.card .spacer { flex: 1; }
.card button { border-radius: 8px; padding: 4px 9px; font-size: 13px; }

.dots { display: inline-flex; align-self: flex-start; gap: 4px; padding: 13px; }
.dots i { width: 7px; height: 7px; border-radius: 50%; background: var(--dim); animation: blink 1.2s infinite both; }
.dots i:nth-child(2) { animation-delay: .2s; } .dots i:nth-child(3) { animation-delay: .4s; }
@keyframes blink { 0%, 80%, 100% { opacity: .25; } 40% { opacity: 1; } }
@media (prefers-reduced-motion: reduce) { .dots i { animation: none; } }

form { display: flex; gap: 8px; padding: 10px 12px; border-top: 1px solid var(--line); align-items: flex-end; }
textarea { flex: 1; resize: none; border: 1px solid #78716c; border-radius: 12px; padding: 8px 12px; max-height: 120px;
  background: var(--paper); }
textarea::placeholder { color: var(--dim); opacity: 1; }
.send { border: 0; border-radius: 12px; background: var(--brand); color: var(--brand-ink); width: 46px; height: 42px; display: grid; place-items: center; }
.send svg { width: 20px; height: 20px; }
.send:disabled { background: var(--wash); color: var(--dim); cursor: default; }

@media (max-width: 480px) {
  :host(.open) { inset: 0; }
  :host(.open) .panel { width: 100%; height: 100dvh; margin: 0; border: 0; border-radius: 0; }
  :host(.open) .launcher { display: none; } }
`;

export const sheet = new CSSStyleSheet();
sheet.replaceSync(CSS);
