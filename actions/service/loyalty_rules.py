"""How points are earned and what they are worth."""

from actions.service.policy_answer import PolicyAnswer


class LoyaltyRules(PolicyAnswer):
    response = "utter_loyalty_rules"
