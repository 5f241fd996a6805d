/* What went wrong, and what to do about it, by the title that the server gives it. */

const FAILURES = {
  Offline: () => ["We cannot reach the server.", "Check your connection; we try again by ourselves."],
  "Signed out": () => ["You were signed out.", "Sign in again, your drafts are kept."],
  "Wrong e-mail or password": () => ["E-mail or password is not right.", "Try again, or ask an administrator for a new password."],
  "Wrong code": () => ["This code is not right.", "Codes change every 30 seconds: type the one that is shown now."],
  Locked: ({ retryAfterSeconds }) => ["Too many tries.", `Wait ${Math.max(1, Math.ceil(retryAfterSeconds / 60))} min, then try again.`],
  "Not your own page": () => ["This page is out of date.", "Load it again."],
  "Not allowed": () => ["Your role does not allow this.", "Ask a supervisor to do it."],
  "Not found": () => ["This is not there any more.", "It may have been deleted meanwhile, or is with a colleague now."],
  Taken: ({ detail }) => ["Somebody was quicker.", detail],
  Changed: () => ["The conversation changed meanwhile.", "You see how it is now; do it again if you still want to."],
  Refused: ({ detail }) => ["The shop’s rules do not allow this.", detail],
  "Too large": () => ["That is too large.", "Send a smaller file."],
  "Not taken": () => ["This kind of file is not allowed.", "Photos, PDFs and ordinary documents work."],
  "Last admin": () => ["This is the last administrator.", "Make somebody else one first."],
};

/** `{ title, detail }` of an ApiError, or of anything else that went wrong. */
export function enFailures(error) {
  const [title, detail] = FAILURES[error.title]?.(error) ?? ["This did not work.", error.detail || "Try again in a moment."];
  return { title, detail };
}
