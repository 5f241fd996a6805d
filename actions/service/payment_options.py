"""How one can pay."""

from actions.service.policy_answer import PolicyAnswer


class PaymentOptions(PolicyAnswer):
    response = "utter_payment_options"
    also = frozenset(["corporate-orders", "instalments", "payment-declined", "price-match"])
