"""action_ask_items: "which items?"."""

from actions.form import Question


class AskItems(Question):
    slot = "items"
