/* The number in the page's title, and the desktop's notifications, which are asked for only by a click. They say who
 * waits, not what was written: others can see the screen too. */

import { computed, effect, signal } from "@preact/signals";

import { hear } from "../live.js";
import { go } from "../router.js";
import { wantsNotifications } from "../store/preferences.js";
import { belongs } from "../store/sorting.js";
import { items, waitingForMe } from "../store/queue.js";
import { me } from "../store/session.js";
import { words } from "../strings.js";
import { customerName } from "../ui/marks.js";
import { toast } from "../ui/toast.js";

const permission = signal("Notification" in window ? Notification.permission : "denied");
export const notifies = computed(() => wantsNotifications.value && permission.value === "granted");

export async function askToNotify() {
  if ("Notification" in window) permission.value = await Notification.requestPermission();
  wantsNotifications.value = permission.value === "granted";
  if (permission.value !== "granted") toast(words.value.account.notAllowed, { kind: "warn", detail: words.value.account.notAllowedHint });
}

export function stopNotifying() {
  wantsNotifications.value = false;
}

export function followTitle() {
  return effect(() => {
    document.title = waitingForMe.value ? `(${waitingForMe.value}) Kefu` : "Kefu";
  });
}

function notify(item, title) {
  if (!notifies.value || !document.hidden || !me.value) return;
  const shown = new Notification(title, { body: customerName(item), tag: item.conversation_id, icon: "/console/icon.svg" });
  shown.onclick = () => {
    window.focus();
    go("c", item.conversation_id);
  };
}

/** Somebody has taken this agent's conversation: known as theirs until now. */
hear("item", ({ item }) => {
  const before = items.value.get(item.conversation_id);
  const wasMine = before && belongs(before, "mine", me.value) && before.agent?.id === me.value.id;
  if (wasMine && item.agent && item.agent.id !== me.value.id) toast(words.value.offers.takenOver(item.agent.name, customerName(item)), { kind: "warn" });
});

const lastUnread = new Map();
hear("offer", ({ item }) => notify(item, words.value.offers.notification));
hear("item", ({ item }) => {
  const before = lastUnread.get(item.conversation_id) ?? items.value.get(item.conversation_id)?.unread ?? 0;
  lastUnread.set(item.conversation_id, item.unread);
  if (item.unread > before && belongs(item, "mine", me.value)) notify(item, words.value.offers.newMessage);
});
