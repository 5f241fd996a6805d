"""Looks for products: by words, by category, within a budget, "more like that"."""

import re
from decimal import Decimal

from actions.base import Dispatcher, Domain, Event, KefuAction, Language, Tracker, services
from actions.products.categories import category_name, category_said
from actions.products.reading import budget, matching, named_products, options_said, search_words
from actions.products.showing import amount, show
from actions.words import fold
from knowledge.shop.shop import Shop
from knowledge.shop.types import Product

SHOWN = 5
SIMILAR = re.compile(
    r"(?<![a-z])(?:similar|more like|like (?:that|this|it)|other (?:styles?|ones?|options?|models?)|alternatives?|"
    r"else)(?![a-z])|类似|差不多的|别的|其他款|其它款|还有什么款|同类"
)


class ProductSearch(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        language = self.language(tracker)
        with services() as here:
            shop = here.shop
            most = budget(tracker)
            found, category = _found(shop, tracker, language, most)
            if found:
                name = category_name(category, language) if category else ""
                response = "utter_products_in_category" if category else "utter_products_found"
                return show(dispatcher, shop, response, found, language, category=name)
            said = " ".join(search_words(str(tracker.latest_message.get("text") or "")))
            popular = [r.product_id for r in here.recommender.recommend(self.customer_id(tracker), 3, max_price=most)]
            if not popular:
                self.say(dispatcher, "utter_no_product_found", said=said)
                return []
            products = [product for each in popular if (product := shop.product(each))]
            if most is not None and not said:
                return show(
                    dispatcher,
                    shop,
                    "utter_products_in_budget",
                    products,
                    language,
                    budget=amount(shop, most, language),
                )
            return show(dispatcher, shop, "utter_no_product_found_but", products, language, said=said)


def _found(shop: Shop, tracker: Tracker, language: Language, most: Decimal | None) -> tuple[list[Product], str | None]:
    """The products, and the category if that is what was found rather than words."""
    text = str(tracker.latest_message.get("text") or "")
    if SIMILAR.search(fold(text)) and (similar := _similar(shop, tracker, language, most)):
        return similar
    named = _buyable(shop, named_products(shop, tracker, language, limit=20), most)
    if named:
        return _with_options(shop, named, text)[:SHOWN], None
    category = category_said(text, shop.categories())
    if category is None:
        return [], None
    return shop.search_products("", language, category=category, max_price=most, limit=SHOWN), category


def _similar(
    shop: Shop, tracker: Tracker, language: Language, most: Decimal | None
) -> tuple[list[Product], str | None] | None:
    """Others of the category of what was talked about last."""
    product = shop.product(str(tracker.get_slot("product") or ""))
    if product is None:
        return None
    shown = {choice.get("id") for choice in tracker.get_slot("choices") or () if isinstance(choice, dict)}
    others = shop.search_products("", language, category=product.category, max_price=most, limit=SHOWN + len(shown) + 1)
    fresh = [other for other in others if other.product_id not in shown | {product.product_id}]
    return (fresh[:SHOWN], product.category) if fresh else None


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
