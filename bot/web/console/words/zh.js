/* 中文。 The same shape as en.js, which a test checks. */

import { zhFailures } from "./zh_failures.js";
import { zhSide } from "./zh_side.js";

const CHANNELS = {
  web: "网站", email: "邮件", telegram: "Telegram", whatsapp: "WhatsApp", messenger: "Messenger", slack: "Slack", line: "LINE", twilio: "短信",
  wechat: "公众号", wecom: "企业微信", wecom_kf: "微信客服", feishu: "飞书", dingtalk: "钉钉", discord: "Discord", teams: "Teams",
  chatwoot: "Chatwoot", webhook: "Webhook", rest: "REST", callback: "回调", socketio: "Socket.IO",
};

export const zh = {
  failure: zhFailures,
  side: zhSide,
  otherLanguage: "English",
  close: "关闭",
  cancel: "取消",
  ready: "好了",
  saved: "已保存。",
  loading: "正在加载……",
  more: "显示更多",
  tryAgain: "再试一次",
  today: "今天",
  skip: "跳到内容",
  navigation: "页面",
  lost: "连接断开了，正在重连。您写的内容都还在。",
  pages: { desk: "工作台", board: "看板", analytics: "数据", admin: "设置" },
  units: {
    seconds: (count) => `${count} 秒`,
    minutes: (count) => `${count} 分钟`,
    hours: (count, minutes) => (minutes ? `${count} 小时 ${minutes} 分` : `${count} 小时`),
    days: (count) => `${count} 天`,
  },
  channel: (name) => CHANNELS[name] ?? name,
  visitor: (id) => `访客 ${id.split(":").at(-1).slice(0, 5)}`,
  languages: { en: "英文", zh: "中文" },
  languagesShort: { en: "EN", zh: "中" },
  moods: { positive: "满意", neutral: "平静", negative: "不满" },
  values: { high: "高价值", middle: "中等价值", low: "低价值" },
  roles: { agent: "客服", supervisor: "主管", admin: "管理员" },
  presences: { online: "在线", away: "离开", offline: "下班" },
  states: {
    bot: "机器人接待中", requested: "等待人工", offered: "已派发", agent: "人工接待中", wrapup: "收尾中",
    snoozed: "稍后处理", resolved: "已结束", failed: "无人接手",
  },
  sla: {
    ok: "时间充裕", soon: "该尽快回复了", late: "等太久了", none: "没有人在等",
    signs: { ok: "", soon: "◔ ", late: "! ", none: "" },
  },
  reason: (code) => REASONS[code] ?? code,
  login: {
    over: {
      disabled: "您的账号已被停用。如果这是误会，请联系管理员。",
      expired: "页面一段时间没有操作，或登录时间太长，已自动退出。重新登录就能接着刚才的工作，写了一半的内容还在。",
      ended: "您已退出登录：有人结束了这次登录，或密码已修改。重新登录就能接着刚才的工作，写了一半的内容还在。",
    },
    title: "欢迎回来", welcome: "登录后就可以接待客户了。", email: "邮箱", password: "密码", signIn: "登录", signingIn: "正在登录……",
    code: "验证器上的验证码", codeHint: "六位数字，也可以用恢复码。",
    demo: "这是演示店铺", demoHint: "可以用下面的任何一位登录，密码是",
    newTitle: "设置您自己的密码", newWelcome: "现在的密码只供第一次登录使用。",
    currentPassword: "现在的密码", newPassword: "新密码", newHint: "至少 10 个字符。几个词连在一起，比一个怪词更好记。", change: "修改密码",
  },
  account: {
    title: "我的账号", load: (load, capacity) => `正在接待 ${load} / ${capacity}`, language: "语言", theme: "外观", send: "发送方式", notify: "桌面通知",
    themes: { auto: "跟随系统", light: "浅色", dark: "深色" }, sends: { true: "回车发送", false: "Ctrl + 回车发送" },
    notified: { true: "已开启", false: "开启" }, notAllowed: "浏览器没有允许通知。", notAllowedHint: "请在地址栏旁边的设置里允许，然后再试一次。",
    signOut: "退出登录", password: "密码", passwordChanged: "密码已修改，其他设备已退出登录。", totp: "两步验证", sessions: "登录过的设备",
    thisOne: "当前设备", everywhere: "退出所有设备", capacity: "同时接待人数", capacityHint: "派给您的对话不会超过这个数。",
  },
  totp: {
    about: "除了密码，登录时再输入验证器上的验证码。", on: "登录时需要验证器上的验证码。", turnOn: "开始设置", turnOff: "关闭两步验证",
    isOff: "两步验证已关闭。", scan: "用验证器扫描，再输入它显示的验证码。", picture: "验证器二维码",
    byHand: "也可以手动输入：", confirm: "确认", recovery: "已开启。请把这些恢复码保存好：手机丢了时，每个可以登录一次。它们只显示这一次。",
  },
  queue: {
    title: "对话列表", search: "搜索消息、姓名、订单号", filter: "筛选", filtered: (count) => (count ? `筛选，已用 ${count} 项` : "筛选"), sort: "排序",
    unread: "条未读", nothingSaid: "还没有消息", aFile: "文件", moreTabs: "更多", any: "不限", notHere: "您现在不在线，不会派给您新的对话。", beHere: "我来了", clear: "全部清除",
    from: { bot: "机器人：", agent: "我方：" }, wakesIn: (time) => `${time}后回来`,
    tabs: { mine: "我的", unassigned: "等待中", all: "全部", snoozed: "稍后处理", resolved: "已结束", bot: "机器人接待" },
    sorts: { waiting: "等得最久", newest: "最新消息", value: "客户价值", sla: "最先到期", mood: "最不满意" },
    filterNames: { channel: "渠道", language: "语言", mood: "情绪", value: "客户价值", sla: "等待", tag: "标签" },
    empty: {
      mine: { title: "手上没有对话", text: "可以从“等待中”接一个；保持在线，新的对话会派给您。" },
      unassigned: { title: "没有人在等", text: "想找人工的客户都有人接待了。" },
      all: { title: "一切平静", text: "机器人正在接待。需要人工的客户会出现在这里。" },
      snoozed: { title: "没有稍后处理的对话", text: "到了时间，它们会自己回来。" },
      resolved: { title: "还没有结束的对话", text: "处理完的对话会保存在这里。" },
      bot: { title: "机器人现在没有在接待", text: "" },
    },
    noResult: (search) => ({ title: `没有找到“${search}”`, text: "试试更短的词、订单号或姓名。" }),
  },
  offers: { title: "派给您的对话", others: (count) => `还有 ${count} 位在等`, forYou: "有客户找您", passedOn: (name) => `${name} 转给您。`, accept: "接受", decline: "现在不方便", notification: "有客户在等您", newMessage: "新消息", takenOver: (agent, customer) => `${agent} 已接手您与 ${customer} 的对话。` },
  conversation: {
    moreTags: (count) => `还有 ${count} 个标签`, title: "对话", nothingOpen: "选择一个对话", nothingOpenHint: "按 j 和 k 浏览列表，按 ? 查看所有快捷键。", back: "返回列表", details: "详细信息", log: "聊天记录",
    you: "我", bot: "机器人", colleague: "同事", yours: "您在接待", with: (name) => `${name} 在接待`, earlier: "显示更早的消息",
    typing: (name) => `${name} 正在输入……`, looking: (names) => `${names.join("、")} 也在看这个对话。`,
    writing: (names) => `${names.join("、")} 正在这里输入。`,
    windowCloses: (channel, time) => `${channel} 还允许我们在 ${time}内回复，之后要等客户再发消息。`,
    windowClosed: (channel) => `${channel} 的可回复时间已过。客户再发消息之前，消息送不到。`,
    choices: "客户看到的选项", subject: "主题：", original: "邮件原文", image: "图片", noteBy: (name) => `${name} 的备注`, removeNote: "删除备注", retry: "重新发送",
    deliveries: {
      sending: "正在发送……", notSent: "没有发出", waiting: "发送中", sent: "已发送", delivered: "已送达", read: "已读", failed: "没有送达",
      refused: "对话已由别人接手，这条没有发出", unsure: "可能没有送达",
    },
    actionsTitle: "更多操作",
    actions: {
      take: "接待", "take-over": "接手", "hand-back": "交还机器人", transfer: "转接", snooze: "稍后处理", wake: "现在处理", "wrap-up": "收尾", resolve: "结束", decline: "现在不方便", tags: "标签",
    },
    keys: { take: "t", "hand-back": "h", transfer: "x", snooze: "s", resolve: "e", tags: "l" },
  },
  done: {
    take: "由您接待。", "take-over": "现在由您接待。", "hand-back": "已交还机器人。", transfer: "已转接。", snooze: "到时会自动回来。", resolve: "对话已结束。", decline: "先不派给您，会去问其他有空的同事。", wake: "对话回来了。",
  },
  happened: (name, who, to) => HAPPENED[name]?.(who ?? "有人", to) ?? name,
  didWithOrder: (deed, who, order) => DID_WITH_ORDER[deed]?.(who ?? "有人", order) ?? `${who ?? "有人"}: ${deed} ${order}`,
  deliveryWhy: (why) => why,
  files: { pending: "正在获取", too_large: "太大，没有保存", refused: "不允许这种文件", failed: "获取失败", image: "图片", audio: "语音", video: "视频", file: "文件" },
  why: {
    ask: "机器人为什么这么说？", understood: "它的理解", threshold: (percent) => `达到 ${percent} % 它才会直接办理。`, sources: "参考内容", steps: "逐步说明",
    wasTold: "它接着前面的话继续，没有新的意图要理解。", inTask: (title) => `它正在询问需要的信息，把这句话当作回答（或“${title}”）。`,
    sure: (title) => `它很确定这是“${title}”，就这样回答了。`, unsure: (title) => `它没有把握，最接近的是“${title}”。`, teach: "教机器人",
    corrected: (intent, who) => (who ? `${who}：${intent}` : intent),
  },
  teach: {
    title: "教机器人", about: "您的选择会进入审核列表，下次训练时机器人就学会了。", kinds: { intent: "客户的意图", article: "正确的文章" },
    search: { intent: "客户想要什么？", article: "哪篇文章能回答？" }, guessed: "机器人的猜测", none: "没有类似的内容", noted: "谢谢，已记下。", notKept: "要让机器人从中学习，还需要管理员允许 Kefu 保留客户写的话（KEFU_REVIEW_RETENTION_DAYS）。", thanks: "谢谢，已记下，下次训练会用到。",
  },
  composer: {
    title: "回复", modes: { reply: "回复客户", note: "内部备注" }, replyHint: "写给客户。输入 / 使用快捷回复", takeHint: "写给客户。发送后由您接待。",
    noteHint: "只有同事能看到。", onlyAgents: "客户看不到备注。", held: (name) => `${name} 正在接待。您可以写备注，或请对方转接给您。`,
    attach: "添加文件", detach: (name) => `移除 ${name}`, canned: "快捷回复", noCanned: "没有这个快捷回复。", send: "发送", sendAndTake: "接待并发送", addNote: "保存备注",
    sendHint: { true: "回车发送，Shift + 回车换行", false: "Ctrl + 回车发送" }, tooLarge: (name) => `${name} 太大了。`, tooLargeHint: "文件不能超过 10 MB。", notUploaded: (name) => `${name} 没有上传成功。`,
    suggested: "推荐回复", insert: "放进回复里", sendNow: "直接发送", verdicts: { up: "推荐得好", down: "不合适" }, judged: "谢谢您的反馈。",
    sources: { bot: "来自机器人", article: "来自帮助文章", canned: "快捷回复" },
  },
  leaving: {
    takeOver: (name) => ({ title: `从 ${name} 处接手`, about: `客户会收到您已加入的消息。${name} 会看到您已接手，仍可查看，但不能再回复。`, yes: "接手" }),
    handBack: { title: "交还机器人", about: "机器人会接着已知的信息继续。备注会告诉它和下一位同事发生了什么。", note: "备注（选填）", hint: "例如：已补发，周五送达", yes: "交还" },
    transfer: {
      title: "转接", to: "转给", choose: "请选择……", people: "同事", skills: "擅长", note: "给对方的备注", hint: "对方需要知道什么？", yes: "转接",
      person: ({ name, is_present, load, capacity }) => `${name}（${is_present ? `${load} / ${capacity}` : "不在"}）`,
    },
    snooze: { title: "稍后处理", about: "对话会离开列表，到时间或客户来消息时再回来。", own: "其他时间", yes: "确定", moments: { hour: "一小时后", hours: "四小时后", tomorrow: "明天早上", monday: "下周一" } },
    tags: { title: "标签", label: "标签，用逗号隔开", hint: "保修，尺码", known: "用过的标签", yes: "保存" },
  },
  shortcuts: {
    title: "键盘快捷键", about: "没有在输入文字时都可以使用。",
    groups: [
      { title: "浏览", keys: [["j", "下一个对话"], ["k", "上一个对话"], ["/", "搜索"], ["1 – 6", "我的、等待中、全部……"], ["[", "显示或隐藏详细信息"], ["?", "本页"]] },
      { title: "对话", keys: [["a", "接受派来的对话"], ["t", "接待"], ["h", "交还机器人"], ["x", "转接"], ["s", "稍后处理"], ["e", "结束"], ["l", "标签"]] },
      { title: "书写", keys: [["r", "回复客户"], ["n", "内部备注"], ["/…", "快捷回复"], ["Esc", "离开输入框"]] },
    ],
  },
};

const REASONS = {
  asked: "要求人工", angry: "客户生气了", sentiment: "情绪越来越差", low_confidence: "机器人没有把握", repeated_failure: "机器人多次没有听懂",
  policy: "需要人工处理的事", action_error: "我们这边出了故障", value_at_risk: "重要客户可能流失", model_down: "机器人无法回答", agent: "同事主动接手", reopened: "结束后客户又来了",
};

const HAPPENED = {
  request: () => "已呼叫人工",
  offer: (who) => `派给 ${who}`,
  expire: (who) => `${who} 没有及时接待`,
  take: (who) => `${who} 接待了对话`,
  decline: (who) => `${who} 暂时不方便`,
  hand_back: (who) => `${who} 交还给机器人`,
  transfer: (who, to) => (to ? `${who} 把对话转给了 ${to}` : `${who} 转出了对话`),
  snooze: (who) => `${who} 设为稍后处理`,
  wake: () => "对话回来了",
  wrap_up: (who) => `${who} 正在收尾`,
  reopen: () => "对话重新打开",
  escalate: () => "还没有人接手，已请主管处理",
  give_up: () => "客户改由机器人接待",
  resolve: (who) => `${who} 结束了对话`,
  fail: () => "没有人能接手",
  call_back: () => "客户希望我们回电",
};

const DID_WITH_ORDER = {
  cancel_order: (who, order) => `${who} 取消了订单 ${order}`,
  change_order_address: (who, order) => `${who} 修改了订单 ${order} 的地址`,
  change_order_payment: (who, order) => `${who} 修改了订单 ${order} 的付款方式`,
  return_items: (who, order) => `${who} 为订单 ${order} 登记了退货`,
  exchange_items: (who, order) => `${who} 为订单 ${order} 登记了换货`,
  request_invoice: (who, order) => `${who} 为订单 ${order} 申请了发票`,
  report_problem: (who, order) => `${who} 登记了订单 ${order} 的问题`,
};
