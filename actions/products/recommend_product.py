"""Recommends products and says why: bought before, goes with, in your taste, popular."""

import re
from collections.abc import Mapping
from decimal import Decimal

from actions.base import Dispatcher, Domain, Event, KefuAction, Language, Tracker, services
from actions.products.categories import category_name, category_said
from actions.products.reading import budget, products_meant, products_or_category
from actions.products.showing import show
from actions.words import fold
from knowledge.recommendation.recommender import Reason, Recommendation, Recommender
from knowledge.shop.shop import Shop
from knowledge.shop.types import Product

SHOWN = 3
WITH = re.compile(
    r"(?<![a-z])(?:go(?:es)? (?:well )?with|match(?:es)?|pair(?:s)? with|to go with|accessor\w+)(?![a-z])"
    r"|搭配|配什么|配套|搭什么"
)


class RecommendProduct(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        language = self.language(tracker)
        with services() as here:
            shop = here.shop
            chosen = _chosen(shop, here.recommender, tracker, self.customer_id(tracker), language)
            found = {each.product_id: product for each in chosen if (product := shop.product(each.product_id))}
            if not found:
                self.say(dispatcher, "utter_nothing_to_recommend")
                return []
            bought = {one.product_id for one in here.recommender.history(self.customer_id(tracker))}
            reasons = {
                each.product_id: _reason(shop, domain, each, each.because_of in bought, language)
                for each in chosen
                if each.product_id in found
            }
            products = list(found.values())
            return show(dispatcher, shop, "utter_recommendations", products, language, subtitles=reasons)


def _chosen(
    shop: Shop, recommender: Recommender, tracker: Tracker, customer_id: str | None, language: Language
) -> list[Recommendation]:
    text = fold(str(tracker.latest_message.get("text") or ""))
    most = budget(tracker)
    if WITH.search(text) and (anchors := products_meant(shop, tracker, language, limit=1)):
        together = recommender.goes_with(anchors[0].product_id, SHOWN, exclude=[anchors[0].product_id])
        if together:
            return together
    named, category = products_or_category(shop, tracker, language, limit=SHOWN)
    affordable = _affordable(shop, named, most)
    if affordable:
        return [Recommendation(p.product_id, 0.0, Reason.POPULAR, None, p.category) for p in affordable]
    category = category or category_said(text, shop.categories())
    return recommender.recommend(customer_id, SHOWN, category=category, max_price=most)


def _affordable(shop: Shop, products: list[Product], most: Decimal | None) -> list[Product]:
    ranges = {product.product_id: shop.price_range(product.product_id) for product in products}
    return [p for p in products if (span := ranges[p.product_id]) and (most is None or span[0] <= most)]


def _reason(shop: Shop, domain: Domain, recommendation: Recommendation, is_bought: bool, language: Language) -> str:
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
        },
    )


def phrase(domain: Domain, response: str, language: Language, facts: Mapping[str, str]) -> str:
    """A piece of a sentence from the assistant's YAML, in the customer's language; "" where the domain has none."""
    for variation in domain.get("responses", {}).get(response, ()):
        conditions = variation.get("condition") or []
        if all(condition.get("value") == language for condition in conditions if condition.get("name") == "language"):
            return str(variation.get("text", "")).format_map(facts)
    return ""
