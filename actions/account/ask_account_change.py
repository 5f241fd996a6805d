"""action_ask_account_change: which detail, and what it shall be."""

from actions.form import Question


class AskAccountChange(Question):
    slot = "account_change"
