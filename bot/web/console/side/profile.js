/* The customer: who they are, which group they belong to, what is likely, and what to do next. Each look is recorded. */

import { html } from "../html.js";
import { profile, usePart } from "../store/beside.js";
import { words } from "../strings.js";
import { Icon } from "../ui/icons.js";
import { Empty, Failure, Waiting } from "../ui/states.js";
import { date } from "../ui/time.js";
import { item } from "../store/conversation.js";
import { Facts, Section } from "./section.js";

export function Profile() {
  const { value, error } = usePart(profile, item.value?.customer.id);
  if (error && !value) return html`<${Failure} error=${error} again=${profile.load} />`;
  if (!value) return html`<${Waiting} rows=${6} />`;
  if (!value.profile) return html`<${Empty} icon="person" title=${words.value.side.notKnown} text=${words.value.side.notKnownHint} />`;
  const known = value.profile;
  return html`
    <${Who} known=${known} />
    <${Segment} segment=${known.segment} />
    <${Next} action=${known.next_best_action} />
    <${Predictions} predictions=${known.predictions} />
    <${Recommended} recommendations=${known.recommendations} />
  `;
}

function Who({ known }) {
  const { side } = words.value;
  const { facts } = side;
  return html`
    <${Section} title=${side.customer}>
      <${Facts}
        pairs=${[
          [facts.name, known.name],
          [facts.email, known.email],
          [facts.phone, known.phone],
          [facts.since, known.created_at && date(known.created_at)],
          [facts.orders, known.rfm?.orders ?? known.rfm?.frequency],
          [facts.loyalty, known.loyalty.points ? side.points(known.loyalty.points, known.loyalty.tier) : ""],
          [facts.newsletter, side.consent[known.consent.newsletter]],
        ]}
      />
    <//>
  `;
}

function Segment({ segment }) {
  const { side } = words.value;
  if (!segment) return null;
  return html`
    <${Section} title=${side.segment}>
      <p><span class="chip accent">${segment.name}</span>${segment.since && html` <span class="muted tiny">${side.since(date(segment.since))}</span>`}</p>
      <p class="small">${segment.about}</p>
    <//>
  `;
}

/** Nothing has been learned yet where it was drawn: then the others are as good. */
function Next({ action }) {
  if (!action) return null;
  const { side } = words.value;
  const asGood = action.is_drawn ? action.options.filter((one) => ![action.action, "hand_off"].includes(one.action)).map((one) => one.name) : [];
  return html`
    <${Section} title=${side.next}>
      <p class="next"><${Icon} name="spark" /><strong>${action.name}</strong></p>
      <${Because} reasons=${action.why} />
      ${asGood.length > 0 && html`<p class="muted small">${side.asGood(asGood)}</p>`}
    <//>
  `;
}

function Predictions({ predictions }) {
  if (!predictions?.length) return null;
  return html`
    <${Section} title=${words.value.side.predictions}>
      <ul class="predictions">
        ${predictions.map(
          (one) => html`
            <li key=${one.task}>
              <p class="top"><span>${one.name}</span><strong class="numbers">${amount(one.value)}</strong></p>
              ${isShare(one.value) && html`<meter min="0" max="1" value=${one.value} aria-label=${one.name}></meter>`}
              <${Because} reasons=${one.reasons} />
            </li>
          `,
        )}
      </ul>
    <//>
  `;
}

/** Reasons as sentences, however many there are of them. */
function Because({ reasons }) {
  const given = [reasons ?? []].flat().filter(Boolean);
  if (!given.length) return null;
  return html`<ul class="because">${given.map((one) => html`<li key=${one}>${one}</li>`)}</ul>`;
}

function isShare(value) {
  return value >= 0 && value <= 1;
}

function amount(value) {
  return isShare(value) ? `${Math.round(value * 100)} %` : Math.round(value * 100) / 100;
}

function Recommended({ recommendations }) {
  if (!recommendations?.length) return null;
  return html`
    <${Section} title=${words.value.side.recommendations}>
      <ul class="recommended">${recommendations.map((one) => html`<li key=${one.product_id}><strong>${one.name}</strong><p class="muted small">${one.reason}</p></li>`)}</ul>
    <//>
  `;
}
