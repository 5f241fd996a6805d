"""Describes a product: what it is, its options, price and warranty; or the order pointed at in a list of orders."""

from actions import wording
from actions.articles.passages import say_passage
from actions.base import Dispatcher, Domain, Event, KefuAction, Language, Tracker, services
from actions.orders.pointing import open_order, order_pointed_at
from actions.products.reading import products_meant
from actions.products.showing import card, option_lines, price, remember_one, show
from knowledge.shop.shop import Shop
from knowledge.shop.types import Product


class ProductDetails(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        if order := order_pointed_at(tracker):
            return open_order(order)
        language = self.language(tracker)
        with services() as here:
            products = products_meant(here.shop, tracker, language)
            if not products and say_passage(here, dispatcher, tracker, language):
                return []  # "how do I wash wool?" is for the articles
            if not products:
                self.say(dispatcher, "utter_ask_which_product")
                return []
            if len(products) > 1:
                return show(dispatcher, here.shop, "utter_which_of_these", products, language)
            return _describe(dispatcher, here.shop, tracker, products[0], language)


def _describe(
    dispatcher: Dispatcher, shop: Shop, tracker: Tracker, product: Product, language: Language
) -> list[Event]:
    variants = shop.variants_of(product.product_id)
    months = product.warranty_months if product.warranty_months is not None else shop.policy.warranty_months
    dispatcher.utter_message(
        response="utter_product_details",
        json_message={"cards": [card(shop, product, language)]},
        name=product.name(language),
        description=product.description(language),
        options=option_lines(variants, language) or wording.pick(("one version only", "只有一款"), language),
        price=price(shop, variants, language),
        warranty=wording.pick((f"{months} months", f"{months} 个月") if months else ("none", "无"), language),
    )
    return remember_one(shop, tracker, product, language)
