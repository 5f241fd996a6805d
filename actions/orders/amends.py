"""After a problem of ours was filed: leave it at that, apologise with a voucher, or get a person for who is very upset.

What is done is the next best action's choice (knowledge/next_best_action), for customers with a computed profile only;
considered once a conversation.
"""

from actions.base import Event, FollowupAction, SlotSet
from actions.desk import Desk
from actions.mood import UPSET
from actions.products.coupons import coupon_terms
from knowledge.next_best_action import Action
from knowledge.profiles.advising import Moment

SLOT = "amends_considered"
POSSIBLE = frozenset({Action.SOLVE_ONLY, Action.APOLOGISE_WITH_VOUCHER})


def make_amends(desk: Desk, key: str) -> list[Event]:
    """`key` is the report's own: the same message gives the same choice."""
    customer, advisor = desk.customer, desk.services.advisor
    if customer is None or desk.get(SLOT) or desk.services.profiles.computed(customer.customer_id) is None:
        return []
    mood, voucher = min(desk.get("recent_sentiment") or [0.0]), advisor.voucher()
    moment = Moment(mood=mood, had_problem=True, voucher=voucher, possible=_possible(desk, mood))
    choice = advisor.decide(customer, moment, key)
    if choice.action is Action.APOLOGISE_WITH_VOUCHER and voucher is not None:
        terms = coupon_terms(desk.shop, voucher, desk.language)
        desk.say("utter_apology_with_voucher", code=voucher.code, terms=terms)
    return [SlotSet(SLOT, True), *(_to_a_person() if choice.action is Action.HAND_OFF else ())]


def _to_a_person() -> list[Event]:
    return [SlotSet("handoff_reason", "angry"), FollowupAction("action_human_handoff")]


def _possible(desk: Desk, mood: float) -> frozenset[Action]:
    """A person ends the bot's part, so only where nothing else of the message waits to be done."""
    waits = desk.get("more_orders") or desk.get("waiting_requests") or desk.get("suspended_forms")
    return POSSIBLE | {Action.HAND_OFF} if mood <= UPSET and not waits else POSSIBLE
