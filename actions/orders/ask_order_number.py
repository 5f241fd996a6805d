"""action_ask_order_number: "which of your orders?"."""

from actions.form import Question


class AskOrderNumber(Question):
    slot = "order_number"
