/* English. The same shape as zh.js. */

export const en = {
  title: "Analytics",
  subtitle: (first, last, zone) => `${first} to ${last}, days by the shop’s clock (${zone})`,
  atOnce: "under 1 s",
  presets: { 7: "7 days", 30: "30 days", 90: "90 days" },
  from: "From", to: "To", any: "All", none: "None",
  filters: { channel: "Channel", customer_language: "Language", intent: "Topic", segment: "Segment", agent: "Agent" },
  clear: "Clear filters",
  export: "Export", exports: { table: "These days as CSV", visits: "All visits as CSV" },
  nothing: { title: "Nothing in these days", text: "Choose other days or fewer filters. In a demo shop, “kefu demo conversations” fills them." },
  showTable: "Show as table", showChart: "Show as chart",
  keyHint: "Arrow keys go along the picture.", openHint: "Arrow keys go from day to day; Enter or a click opens its visits.",
  cards: {
    visits: "Visits", customers: (count) => `${count} customers`, messages: (count) => `${count} messages`,
    containment: "Settled by the bot", of: (count, of) => `${count} of ${of} visits`, sure: (interval) => `95 % sure: ${interval}`,
    handed: "Went to people", unanswered: "Not answered", unansweredOf: (count, of) => `${count} of ${of} messages`,
    satisfaction: "Satisfied", rated: (count, of, share) => `${share} answered (${count} of ${of})`, meanScore: (mean) => `${mean} of 5 on average`,
    botAnswers: "Bot answers in", personAnswers: "People answer in", settles: "People settle in", p90: (time) => `nine of ten: ${time}`,
    mood: "Mood, start to end", moodHint: (better, worse) => `${better} better, ${worse} worse`,
  },
  days: {
    title: "Visits by day", share: "Settled by the bot, by day", contained: "Settled by the bot", people: "With people", other: "Ended badly or came back", open: "Too fresh to tell",
    day: "Day", band: "The band is where the true share lies, nineteen times of twenty.",
  },
  reasons: { title: "Why people were called", none: "Nobody was called.", reason: "Reason", count: "Times" },
  against: {
    title: "What kept visits from being settled by the bot", person: "A person was called", returned: "Came back within the hours", unanswered: "Ended without an answer", failed: "Something failed at the end",
    complaint: "Ended with a complaint", upset: "Ended upset", low_score: "Rated 1 or 2",
  },
  noneYet: { segment: "There is no segment with five customers or more in these days. “kefu crm fit” computes segments." },
  by: { title: "Compare", smallSegments: "Segments are those of the customers today. One with fewer than five customers in these days is not shown.", channel: "Channels", language: "Languages", intent: "Topics", segment: "Segments", agent: "Agents" },
  columns: { key: "", visits: "Visits", containment: "Settled by the bot", handed: "To people", unanswered: "Not answered", satisfaction: "Satisfied", answers: "People answer in", mood: "Mood at end" },
  scores: { title: "Scores", score: "Score", count: "Given", stars: (score) => `${score} of 5`, comments: "Read the comments", none: "Nobody has rated yet." },
  agents: {
    title: "Agents", name: "Agent", open: "Open now", handled: "Conversations", answers: "First answer", settles: "Settled in", satisfaction: "Satisfied", rated: "Rated", none: "No conversation went to people.",
  },
  gaps: {
    title: "What customers ask and nothing answers", about: "Messages without an answer, put together by likeness. An article for the largest helps the most.", none: "Nothing was asked twice without an answer.",
    size: (count) => `${count} times`, behind: "Conversations", all: (count) => `all ${count}`, last: (time) => `last ${time} ago`, loading: "Putting messages together …",
  },
  formula: {
    title: "How is this counted?",
    hours: "Hours in which a customer must not come back",
    points: (hours) => [
      "A visit is what a customer wants in one go: it ends after an hour of silence, or, while a person has it, when they hand it back.",
      `Settled by the bot are, of the visits that ended more than ${hours} hours ago, those in which no person was called or took over, the same customer did not come back within ${hours} hours (on whatever channel), what was asked last was answered and did not fail, the end was no complaint and not angry, and the customer did not rate it 1 or 2.`,
      "Visits that ended later than that are left out: nobody knows yet whether the customer comes back.",
      "Intervals are Wilson’s, at 95 %: with few visits they are wide, and a difference inside them means nothing.",
      "Satisfied are scores of 4 and 5 of those who answered. People’s first answer counts from the request to the first line that a person wrote.",
      "Not answered are messages after which the bot asked what was meant, said that it does not know, or broke down.",
    ],
  },
  visits: {
    title: "Conversations", back: "Back to the figures", all: "All visits", count: (count) => (count === 1 ? "1 visit" : `${count} visits`), more: "Show more", open: "Open",
    columns: { began: "When", who: "Channel", topic: "Topic", messages: "Messages", outcome: "Outcome", score: "Score" },
    contained: "Settled by the bot", unsettled: "Too fresh to tell", with: (names) => `with ${names}`,
    figures: {
      contained: "Settled by the bot", not_contained: "Not settled by the bot", handed_over: "Went to people", unanswered: "With messages that were not answered", returned: "Came back", rated: "Rated",
      commented: "With a comment", worse: "Mood got worse", better: "Mood got better",
    },
    because: (name) => `Not settled: ${name}`, reason: (name) => `To people: ${name}`, score: (score) => `Rated ${score} of 5`,
  },
};
