"""action_ask_cancel_reason: "why?"."""

from actions.form import Question


class AskCancelReason(Question):
    slot = "cancel_reason"
