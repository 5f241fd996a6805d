/* The desk: the queue, the open conversation, and what is known beside it. */

import { useEffect } from "preact/hooks";

import { Conversation } from "../conversation/conversation.js";
import { html } from "../html.js";
import { Queue } from "../queue/queue.js";
import { Side } from "../side/side.js";
import { open, openId } from "../store/conversation.js";
import { isSideOpen } from "../store/preferences.js";
import { words } from "../strings.js";
import { Empty } from "../ui/states.js";

function Desk({ params: [conversationId = null] }) {
  useEffect(() => void open(conversationId), [conversationId]);
  useEffect(() => () => void open(null), []);
  const isOpen = conversationId !== null && openId.value === conversationId;
  return html`
    <main id="main" tabindex="-1" class=${`desk ${isOpen ? "talking" : ""} ${isOpen && isSideOpen.value ? "with-side" : ""}`}>
      <h1 class="quiet">${words.value.pages.desk}</h1>
      <${Queue} />
      <section class="talk" id="talk" tabindex="-1" aria-label=${words.value.conversation.title}>
        ${isOpen ? html`<${Conversation} key=${conversationId} />` : html`<${Nothing} />`}
      </section>
      ${isOpen && isSideOpen.value && html`<${Side} key=${`side-${conversationId}`} />`}
    </main>
  `;
}

function Nothing() {
  const { nothingOpen, nothingOpenHint } = words.value.conversation;
  return html`<div class="centred"><${Empty} icon="chat" title=${nothingOpen} text=${nothingOpenHint} /></div>`;
}

export default { view: Desk };
