"""Says what a product costs; "cheaper?" gets the honest answer and today's coupons."""

import re

from actions.articles.passages import say_specific
from actions.base import Dispatcher, Domain, Event, KefuAction, Tracker, services
from actions.orders.reading.variants import CHEAPEST, DEAREST
from actions.products.coupons import coupon_lines
from actions.products.reading import entities, matching, options_said, products_meant
from actions.products.showing import price, remember_one, show, variant_name
from actions.words import fold
from knowledge.shop.shop import Shop
from knowledge.shop.types import Product

BARGAIN = re.compile(
    r"(?<![a-z])(?:discount|cheaper|better price|best price|any deal|deals?|too expensive|so expensive|lower the price|"
    r"reduce|knock off|negotiat\w+)(?![a-z])|便宜[点些]|便宜一[点些]|"
    r"优惠|打折|打个折|少点|太贵|这么贵|好贵|降价|抹零|折扣"
)
NO_PRODUCT_NEEDED = frozenset(["price-match"])
"""The articles that answer questions about prices as such."""


class ProductPrice(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        language = self.language(tracker)
        text = fold(str(tracker.latest_message.get("text") or ""))
        with services() as here:
            shop = here.shop
            if BARGAIN.search(text):
                coupons = coupon_lines(shop, shop.public_coupons(), language)
                self.say(
                    dispatcher, "utter_prices_are_fixed" if not coupons else "utter_prices_but_coupons", coupons=coupons
                )
                return []
            is_named = bool(entities(tracker, "product"))
            if not is_named and say_specific(here, dispatcher, tracker, language, NO_PRODUCT_NEEDED):
                return []
            products = products_meant(shop, tracker, language)
            if not products:
                self.say(dispatcher, "utter_ask_which_product")
                return []
            if len(products) > 1:
                return show(dispatcher, shop, "utter_prices", _by_price(shop, products, text), language)
            product = products[0]
            variants = shop.variants_of(product.product_id)
            said = options_said(text, variants)
            fitting = matching(variants, said) if said else []
            is_one = len(fitting) == 1
            self.say(
                dispatcher,
                "utter_price",
                name=variant_name(product, fitting[0], language) if is_one else product.name(language),
                price=price(shop, fitting or variants, language),
            )
            return remember_one(shop, tracker, product, language)


def _by_price(shop: Shop, products: list[Product], text: str) -> list[Product]:
    """ "The cheapest" first, or the dearest, where that was asked."""
    if not (CHEAPEST.search(text) or DEAREST.search(text)):
        return products
    ranges = {product.product_id: shop.price_range(product.product_id) for product in products}
    priced = [product for product in products if ranges[product.product_id]]
    is_dearest = bool(DEAREST.search(text))
    return sorted(priced, key=lambda p: (ranges[p.product_id] or (0, 0))[is_dearest], reverse=is_dearest) or products
