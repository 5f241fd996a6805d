"""One offer to stay, to a customer who may be leaving and has agreed to offers; then the question, and what they say.

What is done is the next best action's choice (knowledge/next_best_action): nothing is offered to who is upset or has
heard enough from us lately, and every choice is in its log. Said once a conversation, never instead of the question.
"""

import json

from actions.account.confirmation import Confirmation
from actions.desk import Desk
from actions.products.coupons import coupon_terms
from knowledge.next_best_action import Action
from knowledge.profiles.advising import Moment
from knowledge.profiles.reading import Computed

SLOT = "retention_offered"
LIKELY_TO_LEAVE = 0.5
POSSIBLE = frozenset({Action.SOLVE_ONLY, Action.OFFER})
LEAVING = frozenset({"at_risk"})


class ConfirmationWithOffer(Confirmation):
    """Before the first time it asks it may make an offer."""

    def ask(self, desk: Desk) -> None:
        offer_to_stay(desk)
        super().ask(desk)


def offer_to_stay(desk: Desk) -> None:
    customer, advisor = desk.customer, desk.services.advisor
    if customer is None or desk.get(SLOT) or not may_leave(desk.services.profiles.computed(customer.customer_id)):
        return
    desk.put(SLOT, True)
    moods: list[float] = desk.get("recent_sentiment") or [0.0]
    voucher = advisor.voucher()
    moment = Moment(mood=min(moods), voucher=voucher, possible=POSSIBLE)
    choice = advisor.decide(customer, moment, json.dumps([desk.sender, desk.message_id, desk.form]))
    if choice.action is Action.OFFER and voucher is not None:
        desk.say("utter_offer_to_stay", code=voucher.code, terms=coupon_terms(desk.shop, voucher, desk.language))


def may_leave(computed: Computed | None) -> bool:
    """Whether the models expect this customer to be gone soon; nobody they don't know is made an offer."""
    if computed is None:
        return False
    churn = computed.prediction("churn")
    return computed.segment in LEAVING or (churn is not None and churn.value >= LIKELY_TO_LEAVE)
