"""Looks for products: by words, by category, within a budget, "more like that"."""

import re
from dataclasses import dataclass
from decimal import Decimal

from actions.base import Dispatcher, Domain, Event, KefuAction, Language, Tracker, services
from actions.products.categories import category_name
from actions.products.companions import asks_for_companion
from actions.products.product_details import ProductDetails
from actions.products.reading import (
    asks_for_options_of_last,
    budget,
    entities,
    matching,
    options_said,
    products_or_category,
    search_words,
)
from actions.products.recommend_product import RecommendProduct, personal
from actions.products.showing import amount, show
from actions.words import fold
from knowledge.recommendation import Recommender
from knowledge.shop.shop import Shop
from knowledge.shop.types import Product

SHOWN = 5
SIMILAR = re.compile(
    r"(?<![a-z])(?:similar|more like|like (?:that|this|it)|other (?:styles?|ones?|options?|models?)|alternatives?|"
    r"else)(?![a-z])|类似|差不多的|别的|其他款|其它款|还有什么款|同类"
)
CHEAPER = re.compile(
    r"(?<![a-z])(?:cheaper|less expensive|lower[- ]priced|(?:costs?|for) less)(?![a-z])|"
    r"便宜[点些一]|更便宜|再便宜|实惠[点些一]"
)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Found:
    """Products and how they were found: `response` says it."""

    products: list[Product]
    response: str = "utter_products_found"
    category: str = ""


class ProductSearch(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        if asks_for_companion(tracker):
            return RecommendProduct().run(dispatcher, tracker, domain)
        if asks_for_options_of_last(tracker):
            return ProductDetails().run(dispatcher, tracker, domain)
        language = self.language(tracker)
        most = budget(tracker)
        text = fold(str(tracker.latest_message.get("text") or ""))
        if SIMILAR.search(text) and not tracker.get_slot("product") and not search_words(SIMILAR.sub(" ", text)):
            self.say(dispatcher, "utter_ask_which_product")
            return []
        with services() as here:
            shop = here.shop
            found = _found(shop, here.recommender, tracker, language, most)
            if found is None:
                whose, hidden = personal(shop, self.customer_id(tracker)), shop.policy.recommendations.only_on_request
                fitting = here.recommender.recommend(whose, 3, max_price=most, without=hidden)
                found = _popular(shop, tracker, [each.product_id for each in fitting], most)
            if not found.products:
                self.say(dispatcher, "utter_no_product_found")
                return []
            return show(
                dispatcher,
                shop,
                found.response,
                found.products,
                language,
                category=category_name(found.category, language),
                budget=amount(shop, most, language) if most is not None else "",
            )


def _found(
    shop: Shop, recommender: Recommender, tracker: Tracker, language: Language, most: Decimal | None
) -> Found | None:
    text = str(tracker.latest_message.get("text") or "")
    if SIMILAR.search(fold(text)) and (similar := _similar(shop, recommender, tracker, most)):
        return similar
    if CHEAPER.search(fold(text)) and most is None and (cheaper := _cheaper(shop, tracker, language)):
        return cheaper
    named, category = products_or_category(shop, tracker, language, limit=20)
    buyable = _buyable(shop, named, most)
    if buyable:
        return Found(_with_options(shop, buyable, text)[:SHOWN])
    if named:
        is_too_dear = most is not None and bool(_buyable(shop, named, None))
        return Found(named[:SHOWN], "utter_products_over_budget" if is_too_dear else "utter_products_sold_out")
    if category is None:
        return None
    products = shop.search_products("", language, category=category, max_price=most, limit=SHOWN)
    return Found(products, "utter_products_in_category", category) if products else None


def _popular(shop: Shop, tracker: Tracker, product_ids: list[str], most: Decimal | None) -> Found:
    """Nothing fits the words: what others buy. With a budget and no words that is the answer, else a suggestion."""
    products = [product for product_id in product_ids if (product := shop.product(product_id))]
    text = str(tracker.latest_message.get("text") or "")
    is_asked = most is not None and not search_words(text) and not entities(tracker, "product")
    return Found(products, "utter_products_in_budget" if is_asked else "utter_no_product_found_but")


def _similar(shop: Shop, recommender: Recommender, tracker: Tracker, most: Decimal | None) -> Found | None:
    """Another choice instead of what was talked about last, of its category: named alike, or close in price."""
    product = shop.product(str(tracker.get_slot("product") or ""))
    if product is None:
        return None
    shown = {str(choice.get("id")) for choice in tracker.get_slot("choices") or () if isinstance(choice, dict)}
    hidden = shop.policy.recommendations.only_on_request
    alike = recommender.like(product.product_id, SHOWN, exclude=shown, without=hidden, max_price=most)
    others = [other for each in alike if (other := shop.product(each.product_id))]
    fresh = [other for other in others if other.category == product.category]
    return Found(fresh, "utter_products_in_category", product.category) if fresh else None


def _cheaper(shop: Shop, tracker: Tracker, language: Language) -> Found | None:
    """The same category as what was talked about or shown last, for less. None when nothing was."""
    shown = [
        str(c["id"]) for c in tracker.get_slot("choices") or () if isinstance(c, dict) and c.get("kind") == "product"
    ]
    spoken_of = [tracker.get_slot("product")] if tracker.get_slot("product") else shown
    products = [product for product_id in spoken_of if (product := shop.product(str(product_id)))]
    lowest = [span[0] for product in products if (span := shop.price_range(product.product_id))]
    if not lowest:
        return None
    category, most = products[0].category, min(lowest) - CENT
    found = shop.search_products("", language, category=category, max_price=most, limit=SHOWN)
    return Found(found, "utter_products_in_category", category) if found else Found(products, "utter_nothing_cheaper")


def _buyable(shop: Shop, products: list[Product], most: Decimal | None) -> list[Product]:
    """Those that can be bought now within the budget."""
    ranges = {product.product_id: shop.price_range(product.product_id) for product in products}
    return [p for p in products if (span := ranges[p.product_id]) and (most is None or span[0] <= most)]


def _with_options(shop: Shop, products: list[Product], text: str) -> list[Product]:
    """Those that exist "in brown" or "in size 46", if any do."""
    fitting = []
    for product in products:
        variants = [variant for variant in shop.variants_of(product.product_id) if variant.is_available]
        said = options_said(text, variants)
        if said and matching(variants, said):
            fitting.append(product)
    return fitting or products
