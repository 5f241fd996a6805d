/* One line of a conversation: the customer's, the bot's, a colleague's, a private note, or what happened. */

import { html } from "../html.js";
import { sayAgain } from "../store/acting.js";
import { item, openId, put } from "../store/conversation.js";
import { hasRole, me } from "../store/session.js";
import * as api from "../api.js";
import { words } from "../strings.js";
import { Icon } from "../ui/icons.js";
import { customerName } from "../ui/marks.js";
import { clock, full } from "../ui/time.js";
import { attempt } from "../ui/toast.js";
import { File } from "./file.js";
import { Why } from "./why.js";

/** Told to the customer about us: one line in the middle, as they see it too. */
const NEWS = ["joined", "left", "back", "resolved"];
const ADDRESS = /(https?:\/\/[^\s<>"'，。；、）)]+)/g;

export function Line({ line, isFollowing, isLastOfTurn }) {
  if (line.kind === "event") return html`<${Happening} line=${line} />`;
  if (NEWS.includes(line.notice)) return html`<${News} line=${line} />`;
  if (line.kind === "note") return html`<${Note} line=${line} />`;
  const language = item.value?.language === "zh" ? "zh-CN" : "en";
  return html`
    <li class=${`line ${line.kind} ${isFollowing ? "following" : ""} ${line.sending ?? ""}`}>
      ${!isFollowing && html`<p class="from"><strong>${speaker(line)}</strong> <${Time} at=${line.at} /></p>`}
      ${line.subject && html`<p class="subject small"><span class="muted">${words.value.conversation.subject}</span> ${line.subject}</p>`}
      ${line.text && html`<div class="bubble" lang=${language} title=${isFollowing ? full(line.at) : undefined}>${linked(line.text)}</div>`}
      ${line.original && html`<details class="original small"><summary>${words.value.conversation.original}</summary><div class="bubble">${line.original}</div></details>`}
      <${Extras} line=${line} />
      <p class="below"><${Delivery} line=${line} /></p>
      ${isLastOfTurn && html`<${Why} turn=${line.turn} />`}
    </li>
  `;
}

export function Time({ at }) {
  return html`<time class="muted tiny numbers" datetime=${new Date(at * 1000).toISOString()} title=${full(at)}>${clock(at)}</time>`;
}

function speaker({ kind, agent }) {
  const { you, bot, colleague } = words.value.conversation;
  if (kind === "customer") return customerName(item.value);
  if (kind === "bot") return html`<${Icon} name="bot" />${bot}`;
  if (agent?.id === me.value?.id) return you;
  return agent?.name ?? colleague;
}

/** Addresses are links; everything is text. */
function linked(text) {
  return text.split(ADDRESS).map((part, number) =>
    number % 2 ? html`<a key=${number} href=${part} target="_blank" rel="noopener noreferrer nofollow">${part}</a>` : part,
  );
}

/** What the customer saw beside the words: choices, cards, a list, files. */
function Extras({ line }) {
  const choices = [...(line.buttons ?? []), ...(line.rows ?? [])];
  return html`
    ${choices.length > 0 && html`<ul class="choices" aria-label=${words.value.conversation.choices}>${choices.map((one) => html`<li class="chip" key=${one.title}>${one.title}</li>`)}</ul>`}
    ${line.cards?.length > 0 && html`<ul class="cards">${line.cards.map((card) => html`<${Card} key=${card.title} card=${card} />`)}</ul>`}
    ${line.image && html`<p class="small"><a href=${line.image} target="_blank" rel="noopener noreferrer">${words.value.conversation.image}</a></p>`}
    ${line.files?.map((file) => html`<${File} key=${file.id} file=${file} />`)}
  `;
}

function Card({ card }) {
  return html`<li><strong>${card.title}</strong>${card.price && html`<span class="numbers"> ${card.price}</span>`}${card.subtitle && html`<p class="muted small">${card.subtitle}</p>`}</li>`;
}

const TICKS = { sent: "✓", delivered: "✓✓", read: "✓✓" };

/** How far our line has come, in a sign and in words. */
function Delivery({ line }) {
  const { deliveries, retry } = words.value.conversation;
  if (line.sending === "now") return html`<span class="muted tiny">${deliveries.sending}</span>`;
  if (line.sending === "failed") {
    return html`
      <span class="chip bad"><${Icon} name="alert" />${deliveries.notSent}</span>
      <button class="button plain tight" type="button" onClick=${() => sayAgain(line)}>${retry}</button>
    `;
  }
  if (!line.delivery || line.kind === "customer") return null;
  const { state, why } = line.delivery;
  const name = deliveries[state] ?? state;
  if (state in TICKS) return html`<span class=${`ticks tiny ${state}`} title=${name}><span aria-hidden="true">${TICKS[state]}</span><span class="quiet">${name}</span></span>`;
  if (state === "waiting") return html`<span class="muted tiny" title=${name}><${Icon} name="clock" /><span class="quiet">${name}</span></span>`;
  return html`<span class=${`chip ${state === "refused" ? "" : "bad"}`}><${Icon} name="alert" />${name}${why && `: ${words.value.deliveryWhy(why)}`}</span>`;
}

function Happening({ line }) {
  const { name, note, deed, to, order_number: order } = line.event;
  const said = name === "order" ? words.value.didWithOrder(deed, line.agent?.name, order) : words.value.happened(name, line.agent?.name, to?.name);
  return html`
    <li class="happening">
      <p>${said} <${Time} at=${line.at} /></p>
      ${note && html`<p class="said">${note}</p>`}
    </li>
  `;
}

function News({ line }) {
  return html`
    <li class="happening">
      <p class="said">“${line.text}” <${Time} at=${line.at} /> <${Delivery} line=${line} /></p>
    </li>
  `;
}

function Note({ line }) {
  const { noteBy, removeNote } = words.value.conversation;
  const mayRemove = line.agent?.id === me.value.id || hasRole("supervisor", "admin");
  const drop = () =>
    attempt(async () => {
      await api.remove(api.at("conversations", openId.value, "notes", line.key.replace(/^note-/, "")));
      put([], [line.key]);
    });
  return html`
    <li class="line note">
      <p class="from"><${Icon} name="note" /><strong>${noteBy(line.agent?.name ?? "")}</strong> <${Time} at=${line.at} />
        ${mayRemove && html`<button class="button plain square tight" type="button" title=${removeNote} aria-label=${removeNote} onClick=${drop}><${Icon} name="close" /></button>`}
      </p>
      <div class="bubble">${linked(line.text ?? "")}</div>
    </li>
  `;
}
