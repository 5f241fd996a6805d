"""action_ask_email: "which e-mail can we answer to?"."""

from actions.form import Question


class AskEmail(Question):
    slot = "email"
