"""How long delivery takes."""

from actions.service.policy_answer import PolicyAnswer


class DeliveryTime(PolicyAnswer):
    response = "utter_delivery_time"
    also = frozenset(["international-shipping", "store-pickup"])
