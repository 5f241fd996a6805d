/* What an agent does with the open conversation. Each carries the epoch that was seen; when somebody was quicker, the
 * server refuses, and the agent is shown who has it now. */

import * as api from "../api.js";
import { words } from "../strings.js";
import { complain, toast } from "../ui/toast.js";
import { item, openId, put, reload } from "./conversation.js";
import { items, keep } from "./queue.js";
import { me } from "./session.js";

/** "take", "hand-back" …: resolves to true when it was done. */
export async function act(name, given = {}, conversationId = openId.value) {
  const epoch = items.value.get(conversationId).epoch;
  try {
    keep(await api.post(api.at("conversations", conversationId, name), { epoch, ...given }));
  } catch (error) {
    return refused(error, conversationId);
  }
  const said = words.value.done[name];
  if (said) toast(said);
  if (conversationId === openId.value) reload();
  return true;
}

export function isMine(one = item.value) {
  return Boolean(one?.agent) && one.agent.id === me.value?.id && ["agent", "wrapup"].includes(one.state);
}

export function isOthers(one = item.value) {
  return one?.owner === "agent" && !isMine(one);
}

/** Show the line at once; it gives way to the server's own when that has come. */
export async function say(text, files = []) {
  const key = api.newId();
  return utter({ key: `sending-${key}`, id: key, text, files });
}

export async function sayAgain(line) {
  return utter({ key: line.key, id: line.id, text: line.text, files: line.files });
}

async function utter({ key, id, text, files }) {
  const conversationId = openId.value;
  const line = { key, id, text, files, kind: "agent", at: Date.now() / 1000, seq: null, agent: me.value, sending: "now" };
  put([line]);
  try {
    const body = { epoch: item.value.epoch, text, files: files.map((file) => file.id), key: id };
    const answer = await api.post(api.at("conversations", conversationId, "say"), body);
    keep(answer.item);
    if (conversationId === openId.value) put([answer.line], [key]);
    return true;
  } catch (error) {
    if (conversationId === openId.value) put([{ ...line, sending: "failed" }]);
    return refused(error, conversationId);
  }
}

export async function addNote(text) {
  try {
    put([await api.post(api.at("conversations", openId.value, "notes"), { text })]);
    return true;
  } catch (error) {
    return refused(error, openId.value);
  }
}

export async function setTags(tags) {
  try {
    const answer = await api.put(api.at("conversations", openId.value, "tags"), { tags });
    keep({ ...item.value, tags: answer.tags });
  } catch (error) {
    complain(error);
  }
}

function refused(error, conversationId) {
  complain(error);
  if (error.status === 409 && conversationId === openId.value) reload();
  else if (error.status === 409) api.get(api.at("queue", conversationId)).then(keep, () => {});
  return false;
}
