/* 中文。结构与 en.js 相同。 */

export const zh = {
  title: "数据分析",
  subtitle: (first, last, zone) => `${first} 至 ${last}，按店铺时区（${zone}）计日`,
  atOnce: "不到 1 秒",
  presets: { 7: "近 7 天", 30: "近 30 天", 90: "近 90 天" },
  from: "从", to: "到", any: "全部", none: "无",
  filters: { channel: "渠道", customer_language: "语言", intent: "主题", segment: "客户分层", agent: "客服" },
  clear: "清除筛选",
  export: "导出", exports: { table: "按日导出 CSV", visits: "导出全部访问 CSV" },
  nothing: { title: "这段时间没有数据", text: "换个日期，或少选几个筛选条件。演示店铺可以运行 “kefu demo conversations” 生成示例对话。" },
  showTable: "看表格", showChart: "看图表",
  keyHint: "用方向键逐项查看。", openHint: "用方向键逐日查看，按回车或点击可打开当天的访问。",
  cards: {
    visits: "访问量", customers: (count) => `${count} 位客户`, messages: (count) => `${count} 条消息`,
    containment: "机器人独立解决率", of: (count, of) => `${of} 次访问中 ${count} 次`, sure: (interval) => `95% 置信区间 ${interval}`,
    handed: "转人工", unanswered: "未能回答", unansweredOf: (count, of) => `${of} 条消息中 ${count} 条`,
    satisfaction: "满意度", rated: (count, of, share) => `评价率 ${share}（${of} 次邀请，${count} 次评价）`, meanScore: (mean) => `平均 ${mean} 分（满分 5 分）`,
    botAnswers: "机器人首次响应", personAnswers: "人工首次响应", settles: "人工解决时长", p90: (time) => `九成：${time}`,
    mood: "情绪：开始 → 结束", moodHint: (better, worse) => `${better} 变好，${worse} 变差`,
  },
  days: {
    title: "每日访问量", share: "每日独立解决率", contained: "机器人独立解决", people: "人工参与", other: "结局不佳或再次来询", open: "时间太短，尚无定论",
    day: "日期", band: "阴影是 95% 置信区间：真实比例二十次里有十九次落在其中。",
  },
  reasons: { title: "转人工的原因", none: "没有转人工。", reason: "原因", count: "次数" },
  against: {
    title: "没能由机器人独立解决的原因", person: "转了人工", returned: "规定时间内再次来询", unanswered: "结束时没有得到回答", failed: "结束时出错", complaint: "以投诉结束", upset: "结束时情绪不满",
    low_score: "评分为 1 或 2",
  },
  noneYet: { segment: "这几天里还没有达到五位客户的分层。客户分层由“kefu crm fit”计算。" },
  by: { title: "对比", smallSegments: "按客户目前所属的分层统计；这几天里不足五位客户的分层不显示。", channel: "渠道", language: "语言", intent: "主题", segment: "客户分层", agent: "客服" },
  columns: { key: "", visits: "访问量", containment: "独立解决率", handed: "转人工", unanswered: "未能回答", satisfaction: "满意度", answers: "人工首次响应", mood: "结束情绪" },
  scores: { title: "评分分布", score: "评分", count: "次数", stars: (score) => `${score} 分`, comments: "查看评价内容", none: "还没有人评价。" },
  agents: { title: "客服", name: "客服", open: "处理中", handled: "接待量", answers: "首次响应", settles: "解决时长", satisfaction: "满意度", rated: "评价数", none: "没有会话转到人工。" },
  gaps: {
    title: "客户在问、却没有答案的问题", about: "把机器人答不上来的消息按相似度归在一起。先给最大的一组写帮助文章，效果最明显。", none: "没有重复出现的未答问题。",
    size: (count) => `${count} 次`, behind: "查看会话", all: (count) => `全部 ${count} 个`, last: (time) => `最近一次：${time}前`, loading: "正在归类 …",
  },
  formula: {
    title: "这些数字怎么算？",
    hours: "多少小时内不得再次来询",
    points: (hours) => [
      "“访问”指客户一口气想办的事：静默一小时即结束；人工接待期间，则到交还机器人为止。",
      `“机器人独立解决”：在结束已超过 ${hours} 小时的访问中，没有叫人工、也没有人工介入，同一客户 ${hours} 小时内没有（在任何渠道）再次来询，最后问的事得到了回答且没有出错，结束时不是投诉、情绪不愤怒，并且没有打 1 分或 2 分的，算作独立解决。`,
      "结束不足这么久的访问不计入：客户会不会再来，还不知道。",
      "区间为 95% 的 Wilson 区间：样本少时区间很宽，区间之内的差别说明不了什么。",
      "“满意”指评价者中打 4 分和 5 分的比例。人工首次响应从请求人工算到人工发出的第一句话。",
      "“未能回答”指机器人反问、说不知道或出错的消息。",
    ],
  },
  visits: {
    title: "会话明细", back: "返回数据", all: "全部访问", count: (count) => `共 ${count} 次访问`, more: "显示更多", open: "打开",
    columns: { began: "时间", who: "渠道", topic: "主题", messages: "消息数", outcome: "结果", score: "评分" },
    contained: "机器人独立解决", unsettled: "尚无定论", with: (names) => `由 ${names} 接待`,
    figures: {
      contained: "机器人独立解决", not_contained: "未能独立解决", handed_over: "转人工", unanswered: "含未能回答的消息", returned: "再次来询", rated: "已评价", commented: "有评价内容", worse: "情绪变差", better: "情绪变好",
    },
    because: (name) => `未独立解决：${name}`, reason: (name) => `转人工：${name}`, score: (score) => `评分 ${score} 分`,
  },
};
