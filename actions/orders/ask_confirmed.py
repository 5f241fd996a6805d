"""action_ask_confirmed: everything that will be done, and "shall I go ahead?"."""

from actions.form import Question


class AskConfirmed(Question):
    slot = "confirmed"
