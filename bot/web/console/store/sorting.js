/* Which conversations are in a tab, and in what order: as the server does it, for those that change meanwhile. */

const STATES = {
  unassigned: ["requested", "offered"],
  all: ["requested", "offered", "agent", "wrapup", "snoozed"],
  snoozed: ["snoozed"],
  resolved: ["resolved"],
  bot: ["bot", "failed"],
};
const VALUES = { high: 3, middle: 2, low: 1 };

export function belongs(item, tab, me) {
  if (tab !== "mine") return STATES[tab].includes(item.state);
  return isOfferedTo(item, me) || (Boolean(me) && item.agent?.id === me.id && ["agent", "wrapup"].includes(item.state));
}

export function isOfferedTo(item, me) {
  return Boolean(me) && item.state === "offered" && item.offered_to?.id === me.id;
}

export function matches(item, { channel, language, mood, value, tag, sla }) {
  return (
    (!channel || item.channel === channel) &&
    (!language || item.language === language) &&
    (!mood || item.mood?.label === mood) &&
    (!value || item.value === value) &&
    (!tag || item.tags.includes(tag)) &&
    (!sla || item.sla?.state === sla)
  );
}

/** First who waits longest; those that nobody waits in, newest first. */
const ORDERS = {
  waiting: (item) => item.waiting_since ?? 1e12 - item.updated_at,
  newest: (item) => -item.updated_at,
  value: (item) => -(VALUES[item.value] ?? 0),
  sla: (item) => item.sla?.due_at ?? Infinity,
  mood: (item) => item.mood?.score ?? 0,
};
export const SORTS = Object.keys(ORDERS);

export function compare(sort) {
  const rank = ORDERS[sort] ?? ORDERS.waiting;
  return (one, other) => order(rank(one), rank(other)) || order(ORDERS.waiting(one), ORDERS.waiting(other)) || order(one.conversation_id, other.conversation_id);
}

function order(one, other) {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
