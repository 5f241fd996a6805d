"""When the customer says thanks or goodbye and all is done: leave it at that, recommend, offer, or ask for consent.

What is done is the next best action's choice (knowledge/next_best_action), for customers with a computed profile only;
considered once a conversation, and never after a person had it or an offer to stay was made.
"""

from collections.abc import Sequence

from actions import wording
from actions.account.retention import SLOT as OFFERED_TO_STAY
from actions.base import Dispatcher, Domain, Event, KefuAction, SlotSet, Tracker, services
from actions.desk import Desk
from actions.products.coupons import coupon_terms
from actions.products.recommend_product import personal, spoken_reason
from actions.products.showing import show
from knowledge.next_best_action import Action
from knowledge.profiles.advising import Moment
from knowledge.recommendation import Recommendation
from knowledge.shop.types import Coupon, Customer

SLOT = "next_considered"
POSSIBLE = frozenset({Action.SOLVE_ONLY, Action.RECOMMEND, Action.OFFER, Action.ASK_CONSENT})
UNDER_WAY = ("waiting_requests", "suspended_forms", "clarify_intents")
BY_A_PERSON = frozenset({"agent", "pause", "resume"})


class SuggestNext(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        if not _is_the_moment(tracker):
            return []
        with services() as here:
            desk = Desk.open(here, tracker, dispatcher)
            customer = desk.customer
            if customer is None or here.profiles.computed(customer.customer_id) is None:
                return []
            return [SlotSet(SLOT, True), *_suggest(desk, customer, domain, dispatcher, self.key(tracker))]


def _is_the_moment(tracker: Tracker) -> bool:
    """Something was done for a proven customer, nothing is open, and nothing was suggested before."""
    slots = tracker.slots
    is_open = tracker.active_loop_name or any(slots.get(name) for name in UNDER_WAY)
    is_over = slots.get(SLOT) or slots.get(OFFERED_TO_STAY) or slots.get("was_with_person")
    seen_person = any(event.get("event") in BY_A_PERSON for event in tracker.events)
    return bool(slots.get("customer_id") and slots.get("was_helped")) and not (is_open or is_over or seen_person)


def _suggest(desk: Desk, customer: Customer, domain: Domain, dispatcher: Dispatcher, key: str) -> Sequence[Event]:
    advisor, found = desk.services.advisor, _recommendation(desk, customer)
    mood, voucher = min(desk.get("recent_sentiment") or [0.0]), advisor.voucher()
    moment = Moment(mood=mood, has_recommendations=found is not None, voucher=voucher, possible=POSSIBLE)
    match advisor.decide(customer, moment, key).action:
        case Action.RECOMMEND if found is not None:
            return _recommend(desk, customer, found, domain, dispatcher)
        case Action.OFFER if voucher is not None:
            return _offer(desk, voucher)
        case Action.ASK_CONSENT:
            return _ask_consent(desk)
        case _:
            return ()


def _recommendation(desk: Desk, customer: Customer) -> Recommendation | None:
    buyer, hidden = personal(desk.shop, customer.customer_id), desk.shop.policy.recommendations.only_on_request
    return next(iter(desk.services.recommender.recommend(buyer, 1, without=hidden)), None)


def _recommend(
    desk: Desk, customer: Customer, found: Recommendation, domain: Domain, dispatcher: Dispatcher
) -> Sequence[Event]:
    product = desk.shop.product(found.product_id)
    if product is None:
        return ()
    bought = {one.product_id for one in desk.services.recommender.history(customer.customer_id)}
    why = spoken_reason(desk.shop, domain, found, found.because_of in bought, desk.language)
    reasons = {product.product_id: why}
    return show(dispatcher, desk.shop, "utter_one_more_idea", [product], desk.language, subtitles=reasons)


def _offer(desk: Desk, voucher: Coupon) -> Sequence[Event]:
    desk.say("utter_offer_for_next_time", code=voucher.code, terms=coupon_terms(desk.shop, voucher, desk.language))
    return ()


def _ask_consent(desk: Desk) -> Sequence[Event]:
    """A plain yes is then read as the wish to subscribe; a no, or none, is remembered by the log."""
    words = wording.pick(("Yes, please", "好的"), desk.language), wording.pick(("No, thanks", "先不用"), desk.language)
    desk.say("utter_ask_news_consent", [{"title": word, "payload": word} for word in words])
    return (SlotSet("clarify_intents", ["newsletter_subscribe"]), SlotSet("clarify_request", None))
