"""What people buy together with a product: "anything that goes with my headphones?", 我的耳机配什么好."""

import re

from actions.base import Language, Tracker
from actions.products.reading import named_products, products_meant
from actions.words import fold
from knowledge.recommendation import Recommendation, Recommender
from knowledge.shop.shop import Shop
from knowledge.shop.types import Product

WITH = re.compile(
    r"(?<![a-z])(?:go(?:es)? (?:well |together )?with|match(?:es)? (?:my|the|with)|pair(?:s|ed)? (?:well )?with|"
    r"accessor\w+)(?![a-z])"
    r"|搭配|配什么|配[个点些]|配套|配件|搭什么|怎么搭|一起用"
)
SAME_KIND = 20
"""So many products of the kind that is named ("headphones") are known: none of them goes with another."""


def asks_for_companion(tracker: Tracker) -> bool:
    return bool(WITH.search(fold(str(tracker.latest_message.get("text") or ""))))


def companions(
    shop: Shop, recommender: Recommender, tracker: Tracker, customer_id: str | None, limit: int, language: Language
) -> tuple[list[Recommendation], Product | None]:
    """What is bought with the product that is named, and that product: of several ("my headphones") the customer's own,
    else the first that anything is known of."""
    meant = named_products(shop, tracker, language, SAME_KIND) or products_meant(shop, tracker, language)
    named = {product.product_id: product for product in meant}
    own = [one.product_id for one in recommender.history(customer_id) if one.product_id in named]
    hidden = shop.policy.recommendations.only_on_request
    for product_id in own[:1] or named:
        if found := recommender.goes_with(product_id, limit, exclude=named.keys(), without=hidden):
            return found, named[product_id]
    return [], named[own[0]] if own else next(iter(named.values()), None)
