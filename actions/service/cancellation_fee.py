"""What cancelling costs."""

from actions.service.policy_answer import PolicyAnswer


class CancellationFee(PolicyAnswer):
    response = "utter_cancellation_fee"
