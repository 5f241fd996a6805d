"""action_ask_account_email: the e-mail of the account."""

from actions.form import Question


class AskAccountEmail(Question):
    slot = "account_email"
