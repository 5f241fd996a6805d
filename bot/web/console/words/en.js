/* English. The same shape as zh.js, which a test checks. */

import { enFailures } from "./en_failures.js";
import { enSide } from "./en_side.js";

const list = new Intl.ListFormat("en", { type: "conjunction" });
const CHANNELS = {
  web: "Website", email: "E-mail", telegram: "Telegram", whatsapp: "WhatsApp", messenger: "Messenger", slack: "Slack", line: "LINE", twilio: "SMS",
  wechat: "WeChat", wecom: "WeCom", wecom_kf: "WeChat service", feishu: "Feishu", dingtalk: "DingTalk", discord: "Discord", teams: "Teams",
  chatwoot: "Chatwoot", webhook: "Webhook", rest: "REST", callback: "Callback", socketio: "Socket.IO",
};

export const en = {
  failure: enFailures,
  side: enSide,
  otherLanguage: "中文",
  close: "Close",
  cancel: "Cancel",
  ready: "Done",
  saved: "Saved.",
  loading: "Loading …",
  more: "Show more",
  tryAgain: "Try again",
  today: "Today",
  skip: "Skip to the content",
  navigation: "Pages",
  lost: "The connection is lost. We keep trying; what you write is kept.",
  pages: { desk: "Desk", board: "Board", analytics: "Analytics", admin: "Settings" },
  units: {
    seconds: (count) => `${count} s`,
    minutes: (count) => `${count} min`,
    hours: (count, minutes) => (minutes ? `${count} h ${minutes}` : `${count} h`),
    days: (count) => `${count} d`,
  },
  channel: (name) => CHANNELS[name] ?? name,
  visitor: (id) => `Visitor ${id.split(":").at(-1).slice(0, 5)}`,
  languages: { en: "English", zh: "Chinese" },
  languagesShort: { en: "EN", zh: "中" },
  moods: { positive: "Happy", neutral: "Calm", negative: "Upset" },
  values: { high: "High value", middle: "Medium value", low: "Low value" },
  roles: { agent: "Agent", supervisor: "Supervisor", admin: "Administrator" },
  presences: { online: "Available", away: "Away", offline: "Off" },
  states: {
    bot: "With the bot", requested: "Waiting for somebody", offered: "Offered", agent: "With an agent", wrapup: "Wrapping up",
    snoozed: "Snoozed", resolved: "Resolved", failed: "Nobody took it",
  },
  sla: {
    ok: "In time", soon: "Should be answered soon", late: "Waits too long", none: "Nobody waits",
    signs: { ok: "", soon: "◔ ", late: "! ", none: "" },
  },
  reason: (code) => REASONS[code] ?? code,
  login: {
    over: {
      disabled: "Your account has been switched off. Ask an administrator if that was a mistake.",
      expired: "You were signed out, as happens after a while without a click, and after a long day. Sign in to go on where you were; what you had written is kept.",
      ended: "You were signed out: somebody ended this session, or your password was changed. Sign in to go on where you were; what you had written is kept.",
    },
    title: "Good to see you", welcome: "Sign in to help your customers.", email: "E-mail", password: "Password", signIn: "Sign in", signingIn: "Signing in …",
    code: "Code from your authenticator", codeHint: "Six digits. One of your recovery codes works as well.",
    demo: "This is a demo shop", demoHint: "Try it as one of these people. The password is",
    newTitle: "Choose your own password", newWelcome: "The one you have was made for your first visit.",
    currentPassword: "Current password", newPassword: "New password", newHint: "At least 10 characters. A few words are easier to keep than one odd one.", change: "Change password",
  },
  account: {
    title: "Your account", load: (load, capacity) => `${load} of ${capacity} conversations`, language: "Language", theme: "Colours", send: "Sending", notify: "Notifications",
    themes: { auto: "As the system", light: "Light", dark: "Dark" }, sends: { true: "Enter sends", false: "Ctrl + Enter sends" },
    notified: { true: "On", false: "Turn on" }, notAllowed: "Your browser does not show our notifications.", notAllowedHint: "Allow them in the settings beside the address, then try again.",
    signOut: "Sign out", password: "Password", passwordChanged: "Your password is changed. Other devices are signed out.", totp: "Second factor", sessions: "Where you are signed in",
    thisOne: "this device", everywhere: "Sign out everywhere", capacity: "Conversations at once", capacityHint: "You are offered no more than these.",
  },
  totp: {
    about: "A code from an authenticator app, beside your password.", on: "Signing in asks for a code from your authenticator.", turnOn: "Set it up", turnOff: "Turn it off",
    isOff: "The second factor is off.", scan: "Scan this with your authenticator, then type the code that it shows.", picture: "QR code for the authenticator",
    byHand: "Or type:", confirm: "Confirm", recovery: "It is on. Keep these codes somewhere safe: each signs you in once if you lose your phone. They are shown only now.",
  },
  queue: {
    title: "Conversations", search: "Search messages, names, orders", filter: "Filter", filtered: (count) => (count ? `Filter, ${count} in use` : "Filter"), sort: "Order",
    unread: "unread", nothingSaid: "Nothing said yet", aFile: "A file", moreTabs: "More", any: "Any", notHere: "You are away: nothing is offered to you.", beHere: "I am here", clear: "Clear all",
    from: { bot: "Bot: ", agent: "You: " }, wakesIn: (time) => `back in ${time}`,
    tabs: { mine: "Mine", unassigned: "Waiting", all: "All", snoozed: "Snoozed", resolved: "Resolved", bot: "With the bot" },
    sorts: { waiting: "Longest waiting", newest: "Newest", value: "Highest value", sla: "Due first", mood: "Most upset" },
    filterNames: { channel: "Channel", language: "Language", mood: "Mood", value: "Value", sla: "Waiting", tag: "Tag" },
    empty: {
      mine: { title: "Nothing on your desk", text: "Take one from Waiting, or stay available: new ones are offered to you." },
      unassigned: { title: "Nobody is waiting", text: "All who asked for a person have one." },
      all: { title: "All quiet", text: "The bot handles what comes in. Who needs a person appears here." },
      snoozed: { title: "Nothing snoozed", text: "What you put off comes back here by itself." },
      resolved: { title: "Nothing resolved yet", text: "Conversations that you finish are kept here." },
      bot: { title: "The bot talks to nobody now", text: "" },
    },
    noResult: (search) => ({ title: `Nothing found for “${search}”`, text: "Try fewer words, an order number or a name." }),
  },
  offers: { title: "Offered to you", others: (count) => (count === 1 ? "one more waits" : `${count} more wait`), forYou: "A customer for you", passedOn: (name) => `${name} passes this on to you.`, accept: "Accept", decline: "Not now", notification: "A customer is waiting for you", newMessage: "New message", takenOver: (agent, customer) => `${agent} has taken over your conversation with ${customer}.` },
  conversation: {
    moreTags: (count) => `${count} more tags`, title: "Conversation", nothingOpen: "Choose a conversation", nothingOpenHint: "Press j and k to go through the list, ? for all keys.", back: "Back to the list", details: "Details", log: "What was said",
    you: "You", bot: "Bot", colleague: "A colleague", yours: "Yours", with: (name) => `With ${name}`, earlier: "Show earlier messages",
    typing: (name) => `${name} is typing …`, looking: (names) => `${list.format(names)} ${names.length > 1 ? "are" : "is"} looking at this too.`,
    writing: (names) => `${list.format(names)} ${names.length > 1 ? "are" : "is"} writing here right now.`,
    windowCloses: (channel, time) => `${channel} lets us answer for another ${time}, then only after the customer writes again.`,
    windowClosed: (channel) => `The time to answer on ${channel} is over. A message will not arrive until the customer writes again.`,
    choices: "Choices shown to the customer", subject: "Subject:", original: "The whole mail", image: "Image", noteBy: (name) => `Note from ${name}`, removeNote: "Delete this note", retry: "Send again",
    deliveries: {
      sending: "Sending …", notSent: "Not sent", waiting: "On its way", sent: "Sent", delivered: "Delivered", read: "Read", failed: "Not delivered",
      refused: "Held back, somebody else had taken over", unsure: "Perhaps not delivered",
    },
    actionsTitle: "More to do",
    actions: {
      take: "Take", "take-over": "Take over", "hand-back": "Hand back to the bot", transfer: "Transfer", snooze: "Snooze", wake: "Wake", "wrap-up": "Wrap up", resolve: "Resolve", decline: "Not now", tags: "Tags",
    },
    keys: { take: "t", "hand-back": "h", transfer: "x", snooze: "s", resolve: "e", tags: "l" },
  },
  done: {
    take: "It is yours.", "take-over": "It is yours now.", "hand-back": "The bot goes on from here.", transfer: "Transferred.", snooze: "Put off. It comes back by itself.", resolve: "Resolved.", decline: "Not yours for now. Whoever is free is asked next.", wake: "Awake again.",
  },
  happened: (name, who, to) => HAPPENED[name]?.(who ?? "Somebody", to) ?? name,
  didWithOrder: (deed, who, order) => DID_WITH_ORDER[deed]?.(who ?? "Somebody", order) ?? `${who ?? "Somebody"}: ${deed} ${order}`,
  deliveryWhy: (why) => why,
  files: { pending: "is being fetched", too_large: "too large, not kept", refused: "this kind is not allowed", failed: "could not be fetched", image: "Image", audio: "Audio", video: "Video", file: "File" },
  why: {
    ask: "Why did the bot say this?", understood: "What it understood", threshold: (percent) => `It acts on its own from ${percent} %.`, sources: "What it read", steps: "Step by step",
    wasTold: "It followed what came before; there was nothing to understand anew.", inTask: (title) => `It was asking for what it needed, and read this as an answer (or as “${title}”).`,
    sure: (title) => `It was sure that this means “${title}”, and answered that.`, unsure: (title) => `It was not sure. “${title}” came closest.`, teach: "Teach the bot",
    corrected: (intent, who) => (who ? `${who}: ${intent}` : intent),
  },
  teach: {
    title: "Teach the bot", about: "Your choice goes to the review queue; the bot learns it with its next training.", kinds: { intent: "What they wanted", article: "The right article" },
    search: { intent: "What did the customer want?", article: "Which article answers it?" }, guessed: "the bot’s guess", none: "Nothing like that", noted: "Thank you, noted.", notKept: "The bot can learn from it once an administrator lets Kefu keep what customers write (KEFU_REVIEW_RETENTION_DAYS).", thanks: "Thank you, noted for the next training.",
  },
  composer: {
    title: "Answer", modes: { reply: "Reply", note: "Private note" }, replyHint: "Write to the customer. / for ready replies", takeHint: "Write to the customer. Sending takes the conversation over.",
    noteHint: "Only your colleagues see this.", onlyAgents: "Customers never see notes.", held: (name) => `${name} is answering here. You can leave a note, or ask to have it transferred.`,
    attach: "Attach a file", detach: (name) => `Remove ${name}`, canned: "Ready replies", noCanned: "No ready reply is called that.", send: "Send", sendAndTake: "Take and send", addNote: "Add note",
    sendHint: { true: "Enter sends, Shift + Enter a new line", false: "Ctrl + Enter sends" }, tooLarge: (name) => `${name} is too large.`, tooLargeHint: "Files may have up to 10 MB.", notUploaded: (name) => `${name} was not uploaded.`,
    suggested: "Suggested replies", insert: "Put it into your answer", sendNow: "Send as it is", verdicts: { up: "Good suggestion", down: "Not fitting" }, judged: "Thank you, that helps.",
    sources: { bot: "From the bot", article: "From the help", canned: "Ready reply" },
  },
  leaving: {
    takeOver: (name) => ({ title: `Take over from ${name}`, about: `The customer is told that you have joined. ${name} sees that you took over, and can read on but not answer.`, yes: "Take over" }),
    handBack: { title: "Hand back to the bot", about: "The bot goes on with what it knows. The note tells it, and the next colleague, what happened.", note: "Note (if you like)", hint: "For example: replacement sent, arrives on Friday", yes: "Hand back" },
    transfer: {
      title: "Transfer", to: "To", choose: "Choose …", people: "Colleagues", skills: "Whoever can do", note: "Note for them", hint: "What should they know?", yes: "Transfer",
      person: ({ name, is_present, load, capacity }) => `${name} (${is_present ? `${load} of ${capacity}` : "not here"})`,
    },
    snooze: { title: "Snooze until", about: "It leaves your desk, and comes back then or as soon as the customer writes.", own: "Another time", yes: "Snooze", moments: { hour: "In an hour", hours: "In four hours", tomorrow: "Tomorrow morning", monday: "Next Monday" } },
    tags: { title: "Tags", label: "Tags, separated by commas", hint: "warranty, sizes", known: "Used before", yes: "Save" },
  },
  shortcuts: {
    title: "Keyboard", about: "They work whenever you are not writing.",
    groups: [
      { title: "Going around", keys: [["j", "Next conversation"], ["k", "Previous conversation"], ["/", "Search"], ["1 – 6", "Mine, Waiting, All …"], ["[", "Details on or off"], ["?", "This page"]] },
      { title: "Conversation", keys: [["a", "Accept the offer"], ["t", "Take"], ["h", "Hand back"], ["x", "Transfer"], ["s", "Snooze"], ["e", "Resolve"], ["l", "Tags"]] },
      { title: "Writing", keys: [["r", "Reply"], ["n", "Private note"], ["/…", "Ready replies"], ["Esc", "Leave the field"]] },
    ],
  },
};

const REASONS = {
  asked: "Asked for a person", angry: "Is angry", sentiment: "Getting more upset", low_confidence: "The bot was not sure", repeated_failure: "The bot did not understand several times",
  policy: "A matter for people", action_error: "Something failed on our side", value_at_risk: "A valuable customer at risk", model_down: "The bot could not answer", agent: "A colleague took it", reopened: "Came back after it was resolved",
};

const HAPPENED = {
  request: () => "A person is called for",
  offer: (who) => `Offered to ${who}`,
  expire: (who) => `${who} did not answer the offer`,
  take: (who) => `${who} took the conversation`,
  decline: (who) => `${who} could not take it`,
  hand_back: (who) => `${who} handed back to the bot`,
  transfer: (who, to) => (to ? `${who} transferred the conversation to ${to}` : `${who} passed the conversation on`),
  snooze: (who) => `${who} put it off`,
  wake: () => "Back from snoozing",
  wrap_up: (who) => `${who} is wrapping up`,
  reopen: () => "Opened again",
  escalate: () => "Nobody took it yet: the supervisors are asked",
  give_up: () => "The customer goes on with the bot",
  resolve: (who) => `${who} resolved the conversation`,
  fail: () => "Nobody was free to take it",
  call_back: () => "The customer asked to be called back",
};

const DID_WITH_ORDER = {
  cancel_order: (who, order) => `${who} cancelled order ${order}`,
  change_order_address: (who, order) => `${who} changed the address of order ${order}`,
  change_order_payment: (who, order) => `${who} changed how order ${order} is paid`,
  return_items: (who, order) => `${who} arranged a return of order ${order}`,
  exchange_items: (who, order) => `${who} arranged an exchange for order ${order}`,
  request_invoice: (who, order) => `${who} asked for the invoice of order ${order}`,
  report_problem: (who, order) => `${who} reported a problem with order ${order}`,
};
