"""action_ask_address: "what is the new address?", or what is missing of it."""

from actions.form import Question


class AskAddress(Question):
    slot = "address"
