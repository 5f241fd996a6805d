"""Recommends products and says why: bought before, goes with, in your taste, popular."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from actions import wording
from actions.base import Dispatcher, Domain, Event, KefuAction, Language, SlotSet, Tracker, services
from actions.products.categories import category_name
from actions.products.companions import asks_for_companion, companions
from actions.products.showing import show
from actions.products.wishes import OPEN_QUESTION, Wish, wish
from actions.words import fold
from knowledge.recommendation import Reason, Recommendation, Recommender
from knowledge.shop.shop import Shop
from knowledge.shop.types import Product

SHOWN = 3
RUN_OUT = re.compile(
    r"(?<![a-z])(?:restock|refill|run(?:ning)? (?:out|low)|(?:buy|order)(?:ing)? again|re-?order|top up on)(?![a-z])"
    r"|补[点些]?货|囤货|快?用完|快没了|回购|再买[点些]|该买[点些]?什么"
)


class RecommendProduct(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        language = self.language(tracker)
        with services() as here:
            shop = here.shop
            wanted = wish(shop, tracker, language)
            if wanted.is_going_on and not wanted.is_heard:
                departments = [category_name(code, language) for code in shop.categories()]
                self.say(dispatcher, "utter_nothing_for_interest", categories=wording.listing(departments, language))
                return [SlotSet(OPEN_QUESTION, wanted.left_open())]
            customer_id = personal(shop, self.customer_id(tracker))
            if asks_for_companion(tracker):
                chosen, anchor = companions(shop, here.recommender, tracker, customer_id, SHOWN, language)
                if not chosen:
                    return _no_companion(dispatcher, anchor, language)
            else:
                chosen = _chosen(shop, here.recommender, tracker, customer_id, wanted)
            found = {each.product_id: product for each in chosen if (product := shop.product(each.product_id))}
            if not found:
                self.say(dispatcher, "utter_nothing_to_recommend")
                return [SlotSet(OPEN_QUESTION, wanted.left_open())]
            bought = {one.product_id for one in here.recommender.history(customer_id)}
            reasons = {
                each.product_id: spoken_reason(shop, domain, each, each.because_of in bought, language)
                for each in chosen
                if each.product_id in found
            }
            is_blind = wanted.is_gift and not (wanted.is_going_on or wanted.named or wanted.category)
            response = "utter_recommendations_for_gift" if is_blind else "utter_recommendations"
            shown = show(dispatcher, shop, response, list(found.values()), language, subtitles=reasons)
            return [*shown, SlotSet(OPEN_QUESTION, wanted.left_open())]


def _no_companion(dispatcher: Dispatcher, anchor: Product | None, language: Language) -> list[Event]:
    """Rather that than best sellers, as if they matched."""
    if anchor:
        KefuAction.say(dispatcher, "utter_nothing_goes_with", product=anchor.name(language))
    else:
        KefuAction.say(dispatcher, "utter_ask_goes_with_what")
    return []


def _chosen(
    shop: Shop,
    recommender: Recommender,
    tracker: Tracker,
    customer_id: str | None,
    wanted: Wish,
) -> list[Recommendation]:
    text = fold(str(tracker.latest_message.get("text") or ""))
    hidden = shop.policy.recommendations.only_on_request
    is_running_out = bool(RUN_OUT.search(text))  # and then "running" names no shoes
    if not is_running_out and (affordable := _affordable(shop, wanted.named, wanted.most)):
        return [Recommendation(p.product_id, 0.0, Reason.POPULAR, None, p.category) for p in affordable]
    buyer = None if wanted.is_gift else customer_id  # a present is not for the one who buys it
    if buyer and is_running_out and (due := recommender.due_again(buyer, SHOWN, hidden)):
        return due
    return recommender.recommend(buyer, SHOWN, category=wanted.category, max_price=wanted.most, without=hidden)


def personal(shop: Shop, customer_id: str | None) -> str | None:
    """The customer whose purchases may be looked at; consent is asked for here, when it is used."""
    if customer_id is None or not shop.policy.recommendations.needs_consent:
        return customer_id
    customer = shop.customer(customer_id)
    return customer_id if customer and customer.newsletter_consent else None


def _affordable(shop: Shop, products: Sequence[Product], most: Decimal | None) -> list[Product]:
    ranges = {product.product_id: shop.price_range(product.product_id) for product in products}
    return [p for p in products if (span := ranges[p.product_id]) and (most is None or span[0] <= most)]


def spoken_reason(
    shop: Shop, domain: Domain, recommendation: Recommendation, is_bought: bool, language: Language
) -> str:
    """ "because you bought the kettle" where the customer did, "goes well with the kettle" where they asked so."""
    is_bought = is_bought and recommendation.reason is Reason.GOES_WITH
    because = shop.product(recommendation.because_of) if recommendation.because_of else None
    return phrase(
        domain,
        "utter_reason_because_bought" if is_bought else f"utter_reason_{recommendation.reason}",
        language,
        {
            "because": because.name(language) if because else "",
            "category": category_name(recommendation.category, language),
            "rhythm": _rhythm(recommendation.gap_days, language),
        },
    )


def _rhythm(days: float, language: Language) -> str:
    """ "every 3 weeks", 每3周; in days below two weeks, in months from two months on."""
    unit, count = ("day", days) if days < 14 else ("week", days / 7) if days < 60 else ("month", days / 30.4)
    number = max(1, round(count))
    if language == "zh":
        return f"每{'' if number == 1 else number}{ {'day': '天', 'week': '周', 'month': '个月'}[unit] }"
    return f"every {unit}" if number == 1 else f"every {number} {unit}s"


def phrase(domain: Domain, response: str, language: Language, facts: Mapping[str, str]) -> str:
    """A piece of a sentence from the assistant's YAML, in the customer's language; "" where the domain has none."""
    for variation in domain.get("responses", {}).get(response, ()):
        conditions = variation.get("condition") or []
        if all(condition.get("value") == language for condition in conditions if condition.get("name") == "language"):
            return str(variation.get("text", "")).format_map(facts)
    return ""
