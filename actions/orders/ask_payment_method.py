"""action_ask_payment_method: "charged or refunded to which method?"."""

from actions.form import Question


class AskPaymentMethod(Question):
    slot = "payment_method"
