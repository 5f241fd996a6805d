/* What the board says. */

import { inLanguages } from "../strings.js";

export const words = inLanguages({
  en: {
    title: "Board", live: "live", updated: (time) => `as of ${time}`,
    cards: {
      waiting: "Waiting now", offered: (count) => `${count} being offered`, longest: "Longest wait", limit: (time) => `should be under ${time}`,
      held: "With agents", snoozed: (count) => `${count} snoozed`, present: "Agents here", hands: (free, capacity) => `${free} of ${capacity} places free`,
      visits: "Visits today", messages: (count) => `${count} messages`, handed: "To people today", late: (count) => `${count} answered late`, resolved: "Resolved today", failed: (count) => `${count} that nobody took`,
    },
    alarms: {
      title: "Needs you", none: "Nothing needs you right now.",
      nobody_there: (count) => `Nobody is available, and ${count} ${count === 1 ? "customer waits" : "customers wait"}.`,
      waiting_too_long: (count) => `${count} ${count === 1 ? "customer has" : "customers have"} waited too long.`,
      nobody_took: (count) => `Nobody took ${count} ${count === 1 ? "conversation" : "conversations"} today.`,
      not_delivered: (count) => `${count} ${count === 1 ? "message was" : "messages were"} not delivered in the last day.`,
      look: "Look", deliveries: "Look at deliveries",
    },
    queue: { title: "Waiting", none: "Nobody waits.", customer: "Conversation", reason: "Why", since: "Waits", to: "Offered to", nobody: "–", late: "too long", escalated: "escalated", open: "Open" },
    staff: { title: "Agents", name: "Agent", presence: "Status", hands: "In hand", wrapup: "Wrapping up", snoozed: "Snoozed", of: (count, capacity) => `${count} of ${capacity}`, none: "No agents yet. Add them under Settings." },
    hours: { title: "Visits today, by hour", hour: "Hour", visits: "Visits" },
  },
  zh: {
    title: "实时看板", live: "实时", updated: (time) => `更新于 ${time}`,
    cards: {
      waiting: "排队中", offered: (count) => `${count} 个正在派单`, longest: "最长等待", limit: (time) => `应在 ${time} 内`,
      held: "人工接待中", snoozed: (count) => `${count} 个已暂缓`, present: "在线客服", hands: (free, capacity) => `${capacity} 个接待位，空闲 ${free} 个`,
      visits: "今日访问", messages: (count) => `${count} 条消息`, handed: "今日转人工", late: (count) => `${count} 个响应超时`, resolved: "今日已解决", failed: (count) => `${count} 个无人接待`,
    },
    alarms: {
      title: "需要您处理", none: "目前一切正常。",
      nobody_there: (count) => `没有客服在线，有 ${count} 位客户在等。`,
      waiting_too_long: (count) => `${count} 位客户等得太久了。`,
      nobody_took: (count) => `今天有 ${count} 个会话无人接待。`,
      not_delivered: (count) => `过去一天有 ${count} 条消息没能送达。`,
      look: "查看", deliveries: "查看投递情况",
    },
    queue: { title: "排队中", none: "没有人在等。", customer: "会话", reason: "原因", since: "已等待", to: "派给", nobody: "–", late: "超时", escalated: "已升级", open: "打开" },
    staff: { title: "客服", name: "客服", presence: "状态", hands: "接待中", wrapup: "收尾中", snoozed: "已暂缓", of: (count, capacity) => `${count} / ${capacity}`, none: "还没有客服，请在“设置”中添加。" },
    hours: { title: "今日每小时访问量", hour: "时", visits: "访问量" },
  },
});
