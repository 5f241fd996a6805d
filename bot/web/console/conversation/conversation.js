/* The open conversation: who it is with, what was said, and where to answer. */

import { html } from "../html.js";
import { failure, isLoaded, item, reload, viewers } from "../store/conversation.js";
import { words } from "../strings.js";
import { Icon } from "../ui/icons.js";
import { Failure, Waiting } from "../ui/states.js";
import { now, until } from "../ui/time.js";
import { Composer } from "./composer.js";
import { Header } from "./header.js";
import { Stream } from "./stream.js";

const CLOSING_SOON_SECONDS = 4 * 3600;

export function Conversation() {
  if (failure.value && !isLoaded.value) return html`<div class="centred"><${Failure} error=${failure.value} again=${reload} /></div>`;
  if (!isLoaded.value || !item.value) return html`<${Waiting} rows=${8} />`;
  return html`
    <div class="conversation">
      <${Header} />
      <${Stream} />
      <${WindowNotice} />
      <${Colliding} />
      <${Composer} />
    </div>
  `;
}

/** Who else looks at this, or writes here: nobody should answer twice. */
function Colliding() {
  const { looking, writing } = words.value.conversation;
  const typing = viewers.value.filter((one) => one.is_typing).map((one) => one.name);
  const idle = viewers.value.filter((one) => !one.is_typing).map((one) => one.name);
  return html`
    <div class="colliding" role="status">
      ${typing.length > 0 && html`<p class="warn"><${Icon} name="edit" />${writing(typing)}</p>`}
      ${idle.length > 0 && html`<p><${Icon} name="person" />${looking(idle)}</p>`}
    </div>
  `;
}

/** Some platforms let a shop answer only so long after the customer's last message. */
function WindowNotice() {
  const closes = item.value.window_closes_at;
  if (!closes) return null;
  const left = closes - now.value / 1000;
  if (left > CLOSING_SOON_SECONDS) return null;
  const { windowClosed, windowCloses, channel } = { ...words.value.conversation, channel: words.value.channel };
  const name = channel(item.value.channel);
  return html`
    <p class=${`notice ${left > 0 ? "warn" : "bad"}`} role="status">
      <${Icon} name="clock" />${left > 0 ? windowCloses(name, until(closes)) : windowClosed(name)}
    </p>
  `;
}
