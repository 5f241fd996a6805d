"""action_ask_changes: "which item, and which other variant of it?"."""

from actions.form import Question


class AskChanges(Question):
    slot = "changes"
