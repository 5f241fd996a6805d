/* Doing something with an order: what it needs is filled in, what would happen is shown, and only a second click does it.
 * The key stays the same for both, so that a click too many does nothing twice. */

import { useState } from "preact/hooks";

import * as api from "../api.js";
import { html } from "../html.js";
import { openId } from "../store/conversation.js";
import { words } from "../strings.js";
import { Dialog } from "../ui/dialog.js";
import { toast } from "../ui/toast.js";
import { FIELDS } from "./deed_fields.js";

export function OrderDeed({ action, order, known, close }) {
  const [key] = useState(() => api.newId());
  const [given, setGiven] = useState(() => FIELDS[action].start(order, known));
  const [preview, setPreview] = useState(null);
  const [problem, setProblem] = useState(null);
  const { deeds, goOn, leaveIt, doIt } = words.value.side;
  const path = api.at("conversations", openId.value, "orders", order.order_number, action);
  const send = (isDry) => api.post(path, { ...given, dry_run: isDry, key });
  const submit = async (event) => {
    event.preventDefault();
    setProblem(null);
    try {
      if (!preview) return setPreview(await send(true));
      await send(false);
      toast(deeds[action].done);
      return close(true);
    } catch (error) {
      return setProblem(error);
    }
  };
  const change = (values) => {
    setGiven({ ...given, ...values });
    setPreview(null);
    setProblem(null);
  };
  return html`
    <${Dialog} title=${`${deeds[action].name} · ${order.order_number}`} close=${close}>
      <form class="fields" onSubmit=${submit}>
        <${Fields} action=${action} order=${order} known=${known} given=${given} change=${change} />
        ${preview && html`<${Preview} preview=${preview} />`}
        ${problem && html`<p class="problem" role="alert">${inShort(problem)}</p>`}
        <footer>
          <button class="button" type="button" onClick=${() => close()}>${leaveIt}</button>
          <button class=${`button ${preview && action === "cancel" ? "danger" : "primary"}`} type="submit">${preview ? doIt[action] ?? doIt.other : goOn}</button>
        </footer>
      </form>
    <//>
  `;
}

/** Why not, as the shop says it; it knows best what is missing. */
function inShort(problem) {
  const { title, detail } = words.value.failure(problem);
  return problem.title === "Refused" ? detail : `${title} ${detail}`;
}

function Fields({ action, ...rest }) {
  const View = FIELDS[action].View;
  return html`<${View} ...${rest} />`;
}

function Preview({ preview }) {
  const { wouldHappen, money } = words.value.side;
  return html`
    <section class="preview" role="status">
      <h3>${wouldHappen}</h3>
      ${preview.sentences.map((one) => html`<p key=${one} class="said">${one}</p>`)}
      ${preview.money.map((one) => html`<p key=${one.amount + one.to} class="numbers">${money[one.direction](one.amount, one.to, one.days)}</p>`)}
    </section>
  `;
}
