/* English. The same shape as zh.js. */

export const en = {
  title: "Settings",
  tabs: { agents: "Agents", canned: "Ready replies", deliveries: "Deliveries", audit: "Audit log", settings: "System" },
  agents: {
    about: "Who answers customers, and what they may do.", add: "Add an agent", edit: (name) => `Change ${name}`, change: "Change",
    name: "Name", email: "E-mail", role: "Role", languages: "Languages", skills: "Skills", skillsHint: "Topics they know best, separated by commas. Conversations about them go to these people first.",
    capacity: "Conversations at once", status: "Status", disabled: "Disabled", active: "Active", locked: "Wrong passwords lately", factor: "Second factor",
    save: "Save", more: (name) => `More for ${name}`, password: "Give a temporary password", totp: "Turn off the second factor", sessions: "Sign out everywhere", disable: "Disable the account", enable: "Enable the account",
    passwordTitle: "A temporary password", passwordAbout: (name) => `${name} signs in with it once and then chooses a password of their own. It is shown only now.`, copy: "Copy", copied: "Copied.",
    disableTitle: (name) => `Disable ${name}?`, disableText: "They are signed out at once and cannot sign in. What they have in hand stays theirs until somebody takes it.",
    resetTitle: (name) => `A new password for ${name}?`, resetText: "The present one stops working, and all their sessions end.", totpTitle: (name) => `Turn off the second factor of ${name}?`, totpText: "Until they set it up again, the password alone lets them in.",
    done: "Saved.", sessionsEnded: "Signed out everywhere.",
  },
  canned: {
    about: "What is written again and again. Agents type / and the shortcut.", add: "Add a reply", edit: "Change a reply", shortcut: "Shortcut", title: "Title", english: "English", chinese: "Chinese",
    hint: "{name} is the customer, {agent} whoever writes, {order} the order that is talked about. What is not known is left out.", none: { title: "No ready replies yet", text: "Write down what your people answer most often." },
    remove: "Delete", removeTitle: (title) => `Delete “${title}”?`, removeText: "Nobody can use it any more. What was sent with it stays.",
  },
  deliveries: {
    about: "Messages that did not reach the customer. Unsure ones may have arrived: send those again only if it does no harm to read them twice.", states: { dead: "Not delivered", unsure: "Perhaps not delivered" },
    none: { dead: { title: "Everything was delivered", text: "" }, unsure: { title: "Nothing is unsure", text: "" } }, columns: { at: "When", where: "Channel", text: "Message", why: "Why", again: "" },
    again: "Send again", queued: "It is on its way.", open: "Open the conversation", tries: (count) => `${count} tries`,
  },
  audit: {
    about: "Who did what, when and from where. Nobody can change or delete it.", columns: { at: "When", who: "Who", what: "What", target: "On what", address: "From", details: "Details" },
    person: "Person", operation: "Kind", any: "All", older: "Older", none: { title: "Nothing yet", text: "" }, unknown: "somebody unknown",
    details: {
      why: "wrong", sessions: "devices", role: "role", languages: "languages", skills: "skills", capacity: "at once", is_active: "active", name: "name", note: "note", file: "file", seq: "line",
      tags: "tags", to_agent: "to", to_skill: "to whoever can do", until: "until", turn: "turn", intent: "meant", article_id: "article", outbox_id: "message", conversation_id: "conversation",
      order_number: "order", deed: "did", from: "from", to: "to", visits: "conversations",
    },
    values: { cancel_order: "cancelled it", change_order_address: "changed the address", change_order_payment: "changed the payment", return_items: "arranged a return", exchange_items: "arranged an exchange", request_invoice: "asked for the invoice", report_problem: "reported a problem", password: "the password", code: "the code", changed: "changed", true: "yes", false: "no" },
    operations: {
      sign_in: "Signed in", sign_in_refused: "Could not sign in", sign_out: "Signed out", sign_out_everywhere: "Signed out everywhere", change_password: "Changed the password", second_factor_on: "Turned the second factor on",
      second_factor_off: "Turned the second factor off", add_agent: "Added an agent", change_agent: "Changed an agent", reset_password: "Gave a temporary password", sign_out_agent: "Signed an agent out",
      add_note: "Wrote a note", remove_note: "Deleted a note", order: "Changed an order", write_canned_reply: "Wrote a ready reply", remove_canned_reply: "Deleted a ready reply", say: "Answered",
      send_again: "Sent again", tag: "Tagged", teach: "Taught the bot", upload: "Attached a file", why: "Looked why", export: "Took a table of the analytics", view_profile: "Looked at a profile", open: "Opened a conversation", fetch_file: "Fetched a file", take: "Took", take_over: "Took over from a colleague", decline: "Declined", hand_back: "Handed back",
      transfer: "Transferred", snooze: "Snoozed", wake: "Woke", wrap_up: "Wrapped up", resolve: "Resolved",
    },
  },
  settings: {
    about: "The settings in force. They are changed where Kefu is started (environment or kefu.env), not here; docs/settings.md explains them all.", search: "Find a setting", changed: "Only those that were set",
    columns: { name: "Setting", value: "Value" }, secret: { set: "set, kept secret", unset: "not set" }, unset: "not set", standard: "standard", described: () => undefined,
  },
};
