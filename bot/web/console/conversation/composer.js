/* Where an agent writes: a reply to the customer or a private note, with canned replies behind "/", files, suggestions. */

import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import { html } from "../html.js";
import { send } from "../live.js";
import { addNote, isMine, isOthers, say } from "../store/acting.js";
import { change, clear, draft, inserted, attach, detach } from "../store/drafts.js";
import { item, openId } from "../store/conversation.js";
import { sendsOnEnter } from "../store/preferences.js";
import { words } from "../strings.js";
import { Icon } from "../ui/icons.js";
import { Canned, cannedKey, isCannedOpen } from "./canned.js";
import { size } from "./file.js";
import { Suggested, tellOutcome } from "./suggested.js";

const TYPING_MS = 3000;
const LONGEST = 4000;
let lastTyping = 0;
const isDropping = signal(false);

export function Composer() {
  const { mode, files } = draft.value;
  const isNote = mode === "note";
  const mayReply = !isOthers();
  return html`
    <section class=${`composer ${isNote ? "noting" : ""} ${isDropping.value ? "dropping" : ""}`} aria-label=${words.value.composer.title} ...${dropping}>
      ${!isNote && mayReply && html`<${Suggested} />`}
      <div class="box">
        <${Modes} />
        ${mayReply || isNote ? html`<${Writing} isNote=${isNote} />` : html`<p class="held muted">${words.value.composer.held(item.value.agent?.name ?? "")}</p>`}
        ${files.length > 0 && html`<${Attached} files=${files} />`}
        ${(mayReply || isNote) && html`<${Foot} isNote=${isNote} />`}
      </div>
    </section>
  `;
}

const dropping = {
  onDragOver: (event) => {
    event.preventDefault();
    isDropping.value = true;
  },
  onDragLeave: () => (isDropping.value = false),
  onDrop: (event) => {
    event.preventDefault();
    isDropping.value = false;
    if (!isOthers()) attach(event.dataTransfer.files);
  },
};

function Modes() {
  const { modes } = words.value.composer;
  return html`
    <div class="modes" role="group" aria-label=${words.value.composer.title}>
      ${["reply", "note"].map(
        (one) => html`<button key=${one} class="tab" type="button" aria-pressed=${draft.value.mode === one} onClick=${() => choose(one)}>${modes[one]}</button>`,
      )}
    </div>
  `;
}

export function choose(mode) {
  change({ mode });
  requestAnimationFrame(() => document.getElementById("composer")?.focus());
}

function Writing({ isNote }) {
  const area = useRef(null);
  const text = isNote ? draft.value.note : draft.value.text;
  useLayoutEffect(() => {
    area.current.style.height = "auto";
    area.current.style.height = `${area.current.scrollHeight + 2}px`;
  }, [text, isNote]);
  useEffect(() => () => stopTyping(), []);
  const typed = (event) => {
    change(isNote ? { note: event.target.value } : { text: event.target.value });
    if (!isNote) tellTyping(event.target.value);
  };
  const { composer } = words.value;
  const hint = isNote ? composer.noteHint : isMine() ? composer.replyHint : composer.takeHint;
  return html`
    ${!isNote && html`<${Canned} />`}
    <textarea id="composer" ref=${area} rows="2" maxlength=${LONGEST} value=${text} placeholder=${hint} aria-label=${isNote ? composer.modes.note : composer.modes.reply}
      aria-controls=${isCannedOpen.value ? "canned" : undefined} onInput=${typed} onKeyDown=${onKey} onPaste=${onPaste}></textarea>
  `;
}

function onKey(event) {
  if (event.isComposing || cannedKey(event)) return;
  const isSending = event.key === "Enter" && (event.metaKey || event.ctrlKey || (sendsOnEnter.value && !event.shiftKey));
  if (event.key === "Escape") event.target.blur();
  if (!isSending) return;
  event.preventDefault();
  submit();
}

function onPaste(event) {
  const files = [...event.clipboardData.files];
  if (!files.length || draft.value.mode === "note") return;
  event.preventDefault();
  attach(files);
}

/** Said at most every few seconds: it lapses by itself. */
function tellTyping(text) {
  if (!text) return stopTyping();
  if (Date.now() - lastTyping < TYPING_MS) return undefined;
  lastTyping = Date.now();
  return send({ type: "typing", conversation_id: openId.value, on: true });
}

function stopTyping() {
  if (!lastTyping) return;
  lastTyping = 0;
  send({ type: "typing", conversation_id: openId.value, on: false });
}

/** The words leave the field at once; they come back when they could not be kept. */
export async function submit() {
  const { mode, text, note, files } = draft.value;
  const conversationId = openId.value;
  if (mode === "note") {
    if (!note.trim()) return;
    change({ note: "", mode: "reply" });
    if (!(await addNote(note.trim()))) change({ note, mode: "note" }, conversationId);
    return;
  }
  if ((!text.trim() && !files.length) || files.some((file) => file.isLoading)) return;
  const source = inserted.value;
  clear();
  stopTyping();
  if ((await say(text.trim(), files)) && source) tellOutcome(source, text.trim(), conversationId);
}

function Attached({ files }) {
  const { detach: label } = words.value.composer;
  return html`
    <ul class="attached">
      ${files.map(
        (file) => html`
          <li key=${file.id} class=${`file ${file.isLoading ? "loading" : ""}`}>
            <${Icon} name="attach" /><span class="name">${file.name}</span><span class="muted tiny">${file.isLoading ? words.value.loading : size(file.size)}</span>
            <button class="button plain square tight" type="button" aria-label=${label(file.name)} onClick=${() => detach(file.id)}><${Icon} name="close" /></button>
          </li>
        `,
      )}
    </ul>
  `;
}

function Foot({ isNote }) {
  const chooser = useRef(null);
  const { composer } = words.value;
  const { text, note, files } = draft.value;
  const isEmpty = isNote ? !note.trim() : !text.trim() && !files.length;
  const chosen = (event) => {
    attach([...event.target.files]);
    event.target.value = "";
  };
  return html`
    <footer>
      ${!isNote &&
      html`
        <button class="button plain square" type="button" title=${composer.attach} aria-label=${composer.attach} onClick=${() => chooser.current.click()}><${Icon} name="attach" /></button>
        <input ref=${chooser} type="file" multiple hidden onChange=${chosen} />
        <button class="button plain square" type="button" title=${`${composer.canned} (/)`} aria-label=${composer.canned} aria-expanded=${isCannedOpen.value} onClick=${startCanned}><${Icon} name="copy" /></button>
      `}
      <span class="muted tiny hint">${isNote ? composer.onlyAgents : composer.sendHint[sendsOnEnter.value]}</span>
      <button class="button primary" type="button" disabled=${isEmpty} onClick=${submit}><${Icon} name=${isNote ? "note" : "send"} />${isNote ? composer.addNote : isMine() ? composer.send : composer.sendAndTake}</button>
    </footer>
  `;
}

function startCanned() {
  change({ text: draft.value.text.startsWith("/") ? "" : `/${draft.value.text}` });
  document.getElementById("composer").focus();
}
