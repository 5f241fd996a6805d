"""Recommends products and says why: bought before, goes with, in your taste, popular."""

import re
from collections.abc import Mapping
from decimal import Decimal

from actions.base import Dispatcher, Domain, Event, KefuAction, Language, Tracker, services
from actions.products.categories import category_name, category_said
from actions.products.reading import budget, products_meant, products_or_category
from actions.products.showing import show
from actions.words import fold
from knowledge.recommendation import Reason, Recommendation, Recommender
from knowledge.shop.shop import Shop
from knowledge.shop.types import Product

SHOWN = 3
WITH = re.compile(
    r"(?<![a-z])(?:go(?:es)? (?:well )?with|match(?:es)?|pair(?:s)? with|to go with|accessor\w+)(?![a-z])"
    r"|搭配|配什么|配套|搭什么"
)

GIFT = re.compile(
    r"(?<![a-z])(?:gifts?|(?:birthday|christmas) presents?|presents? for|"
    r"for my (?:\w+ )?(?:friend|\w+friend|wife|husband|partner|mom|mum|mother|dad|father|parents|grand\w+|"
    r"sister|brother|son|daughter|nephew|niece|aunt|uncle|boss|colleague|teacher)s?)(?![a-z])"
    r"|礼物|礼品|送(?:给|女|男|老|妈|爸|朋友|长辈|同事|孩|小)|"
    r"(?:给|帮)(?:我|咱)?(?:家)?(?:的)?(?:[老爸妈]|父|母|爷|奶|外公|外婆|先生|太太|对象|闺蜜|朋友|[男女]朋友|同事|领导|"
    r"[哥姐弟妹]|儿子|女儿|孩子|长辈)"
)
RUN_OUT = re.compile(
    r"(?<![a-z])(?:restock|refill|run(?:ning)? (?:out|low)|(?:buy|order)(?:ing)? again|re-?order|top up on)(?![a-z])"
    r"|补[点些]?货|囤货|快?用完|快没了|回购|再买[点些]|该买[点些]?什么"
)
CHILD = re.compile(
    r"(?<![a-z])(?:kids?|child(?:ren)?|toddlers?|bab(?:y|ies)|nephews?|nieces?|boys?|girls?|grand(?:son|daughter)s?|"
    r"(?:is|turns|aged) (?:[1-9]|1[0-2]))(?![a-z0-9])|(?:[1-9]|1[0-2]|[一二两三四五六七八九十])岁|"
    r"孩子|小孩|儿童|男孩|女孩|宝宝|小朋友|侄[子女]|外甥"
)
TOYS = "toys"


class RecommendProduct(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        language = self.language(tracker)
        with services() as here:
            shop = here.shop
            customer_id = personal(shop, self.customer_id(tracker))
            chosen = _chosen(shop, here.recommender, tracker, customer_id, language)
            found = {each.product_id: product for each in chosen if (product := shop.product(each.product_id))}
            if not found:
                self.say(dispatcher, "utter_nothing_to_recommend")
                return []
            bought = {one.product_id for one in here.recommender.history(customer_id)}
            reasons = {
                each.product_id: spoken_reason(shop, domain, each, each.because_of in bought, language)
                for each in chosen
                if each.product_id in found
            }
            products = list(found.values())
            is_described = any(products_or_category(shop, tracker, language, limit=1)) or _category(shop, tracker)
            is_blind = _is_gift(tracker) and not is_described
            response = "utter_recommendations_for_gift" if is_blind else "utter_recommendations"
            return show(dispatcher, shop, response, products, language, subtitles=reasons)


def _is_gift(tracker: Tracker) -> bool:
    return bool(GIFT.search(fold(str(tracker.latest_message.get("text") or ""))))


def _category(shop: Shop, tracker: Tracker) -> str | None:
    """The category that is named, else the one for children where it is for a child."""
    text, categories = fold(str(tracker.latest_message.get("text") or "")), shop.categories()
    for_child = TOYS if CHILD.search(text) and TOYS in categories else None
    return category_said(text, categories) or for_child


def _chosen(
    shop: Shop, recommender: Recommender, tracker: Tracker, customer_id: str | None, language: Language
) -> list[Recommendation]:
    text = fold(str(tracker.latest_message.get("text") or ""))
    most = budget(tracker)
    anchor = _anchor(shop, recommender, tracker, customer_id, language) if WITH.search(text) else None
    hidden = shop.policy.recommendations.only_on_request
    if anchor and (together := recommender.goes_with(anchor, SHOWN, without=hidden)):
        return together
    named, category = products_or_category(shop, tracker, language, limit=SHOWN)
    affordable = _affordable(shop, named, most)
    if affordable:
        return [Recommendation(p.product_id, 0.0, Reason.POPULAR, None, p.category) for p in affordable]
    buyer = None if _is_gift(tracker) else customer_id  # a present is not for the one who buys it
    if buyer and RUN_OUT.search(text) and (due := recommender.due_again(buyer, SHOWN, hidden)):
        return due
    wanted = category or _category(shop, tracker)
    return recommender.recommend(buyer, SHOWN, category=wanted, max_price=most, without=hidden)


def _anchor(
    shop: Shop, recommender: Recommender, tracker: Tracker, customer_id: str | None, language: Language
) -> str | None:
    """The product that something is to go with: of those named ("my headphones") the one that the customer has."""
    named = [product.product_id for product in products_meant(shop, tracker, language)]
    own = [one.product_id for one in recommender.history(customer_id) if one.product_id in named]
    return next(iter([*own, *named]), None)


def personal(shop: Shop, customer_id: str | None) -> str | None:
    """The customer whose purchases may be looked at; consent is asked for here, when it is used."""
    if customer_id is None or not shop.policy.recommendations.needs_consent:
        return customer_id
    customer = shop.customer(customer_id)
    return customer_id if customer and customer.newsletter_consent else None


def _affordable(shop: Shop, products: list[Product], most: Decimal | None) -> list[Product]:
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
