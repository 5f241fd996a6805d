"""action_ask_customer_id: "which order, and which e-mail?"."""

from actions.form import Question


class AskCustomerId(Question):
    slot = "customer_id"
