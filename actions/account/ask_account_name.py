"""action_ask_account_name: the name for a new account."""

from actions.form import Question


class AskAccountName(Question):
    slot = "account_name"
