/* What was said, in order, with days between. It stays at the end while new lines come, unless one reads further up. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { html } from "../html.js";
import { hasEarlier, isCustomerTyping, item, lines, loadEarlier } from "../store/conversation.js";
import { words } from "../strings.js";
import { customerName } from "../ui/marks.js";
import { day } from "../ui/time.js";
import { attempt } from "../ui/toast.js";
import { Line } from "./line.js";

const NEAR_END_PX = 120;

export function Stream() {
  const box = useRef(null);
  const isAtEnd = useRef(true);
  const shown = lines.value;
  const count = shown.length;
  useLayoutEffect(() => {
    if (isAtEnd.current || shown.at(-1)?.sending) box.current.scrollTop = box.current.scrollHeight;
  }, [count, isCustomerTyping.value, shown.at(-1)]);
  useLayoutEffect(() => {
    const element = box.current;
    const watcher = new ResizeObserver(() => isAtEnd.current && (element.scrollTop = element.scrollHeight));
    watcher.observe(element);
    watcher.observe(element.querySelector("ol"));
    return () => watcher.disconnect();
  }, []);
  const scrolled = ({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  };
  return html`
    <div class="stream" ref=${box} role="log" aria-label=${words.value.conversation.log} tabindex="0" onScroll=${scrolled}>
      ${hasEarlier.value && html`<${Earlier} box=${box} />`}
      <ol>${withDays(shown)}</ol>
      ${isCustomerTyping.value && html`<${Typing} />`}
    </div>
  `;
}

/** Earlier lines come in above, and what is read stays where it is. */
function Earlier({ box }) {
  const [isBusy, setBusy] = useState(false);
  const load = async () => {
    setBusy(true);
    const element = box.current;
    const before = element.scrollHeight;
    await attempt(loadEarlier);
    requestAnimationFrame(() => (element.scrollTop += element.scrollHeight - before));
    setBusy(false);
  };
  return html`<p class="earlier"><button class="button plain" type="button" disabled=${isBusy} onClick=${load}>${words.value.conversation.earlier}</button></p>`;
}

function withDays(shown) {
  const rows = [];
  shown.forEach((line, number) => {
    const before = shown[number - 1];
    const today = day(line.at);
    if (!before || day(before.at) !== today) rows.push(html`<li class="day" key=${`day-${line.key}`}><span>${today}</span></li>`);
    rows.push(html`<${Line} key=${line.key} line=${line} isFollowing=${follows(line, before)} isLastOfTurn=${isLastOfTurn(line, shown[number + 1])} />`);
  });
  return rows;
}

/** Said by the same person within minutes: the name isn't said again. */
function follows(line, before) {
  return before && before.kind === line.kind && before.agent?.id === line.agent?.id && line.at - before.at < 300;
}

function isLastOfTurn(line, next) {
  return line.kind === "bot" && line.turn !== null && (next?.kind !== "bot" || next.turn !== line.turn);
}

function Typing() {
  return html`
    <p class="typing">
      <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
      ${words.value.conversation.typing(customerName(item.value))}
    </p>
  `;
}
