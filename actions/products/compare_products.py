"""Puts two or three products side by side: price, options, what each is."""

from actions import wording
from actions.base import Dispatcher, Domain, Event, KefuAction, Language, Tracker, services
from actions.choosing import positions, read_choices
from actions.products.reading import KIND, groups_named, speaks_of_all
from actions.products.showing import card, option_lines, price, remember
from knowledge.shop.shop import Shop
from knowledge.shop.types import Product

MOST = 3


class CompareProducts(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        language = self.language(tracker)
        with services() as here:
            shop = here.shop
            products = _compared(shop, tracker, language)
            if len(products) < 2:
                self.say(dispatcher, "utter_ask_what_to_compare")
                return []
            blocks = "\n\n".join(_block(shop, product, language) for product in products)
            dispatcher.utter_message(
                response="utter_comparison",
                json_message={"cards": [card(shop, product, language) for product in products]},
                products=blocks,
                cheapest=_cheapest(shop, products).name(language),
            )
            return remember(shop, products, language)


def _compared(shop: Shop, tracker: Tracker, language: Language) -> list[Product]:
    text = str(tracker.latest_message.get("text") or "")
    offered = read_choices(tracker.get_slot("choices"), KIND)
    pointed = [offered[place].id for place in positions(text, len(offered))]
    groups = groups_named(shop, tracker, language)
    if len(groups) == 1:
        groups = [[product] for product in groups[0]]
    named = [product.product_id for group in groups for product in group[:1]]
    if len(named) == 1:
        named.append(str(tracker.get_slot("product") or ""))
    ids = pointed if len(pointed) >= 2 else named if len(named) >= 2 else []
    if not ids and (speaks_of_all(text) or not pointed):
        ids = [choice.id for choice in offered]
    found = [shop.product(product_id) for product_id in dict.fromkeys(ids)]
    return [product for product in found if product][:MOST]


def _block(shop: Shop, product: Product, language: Language) -> str:
    variants = shop.variants_of(product.product_id)
    colon = wording.pick((": ", "："), language)
    months = product.warranty_months if product.warranty_months is not None else shop.policy.warranty_months
    lines = [
        f"{product.name(language)}{colon}{price(shop, variants, language)}",
        product.description(language),
        option_lines(variants, language),
        wording.pick((f"warranty: {months} months", f"保修：{months} 个月"), language) if months else "",
    ]
    return "\n".join(filter(None, lines))


def _cheapest(shop: Shop, products: list[Product]) -> Product:
    ranges = {product.product_id: shop.price_range(product.product_id) for product in products}
    priced = [product for product in products if ranges[product.product_id]]
    return min(priced or products, key=lambda product: ranges[product.product_id] or (0, 0))
