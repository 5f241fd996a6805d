"""What can be returned until when, and when the money is back."""

from actions.service.policy_answer import PolicyAnswer


class RefundPolicy(PolicyAnswer):
    response = "utter_refund_policy"
    also = frozenset(["exchanging-an-item", "price-match"])
