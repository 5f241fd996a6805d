"""Says whether a product is in stock: as a whole, or in just the size and colour that was asked for."""

from collections.abc import Sequence

from actions import wording
from actions.base import Dispatcher, Domain, Event, KefuAction, Language, Tracker, services
from actions.orders.reading.values import Pair
from actions.products.reading import asks_for_what_it_lacks, entities, matching, options_said, products_meant
from actions.products.showing import FEW_LEFT, option_lines, price, remember_one, show, variant_line, variant_name
from knowledge.shop.shop import Shop
from knowledge.shop.types import Product, Variant

LISTED = 6


class ProductAvailability(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        language = self.language(tracker)
        text = str(tracker.latest_message.get("text") or "")
        with services() as here:
            shop = here.shop
            products = products_meant(shop, tracker, language)
            if not products:
                self.say(dispatcher, "utter_ask_which_product")
                return []
            if len(products) > 1:
                products = _in_those_options(shop, products, text)
            if len(products) > 1:
                stock = {each.product_id: _stock_in_short(shop, each, text, language) for each in products}
                return show(dispatcher, shop, "utter_availability_of_several", products, language, subtitles=stock)
            product = products[0]
            variants = shop.variants_of(product.product_id)
            said = options_said(text, variants)
            if asks_for_what_it_lacks(tracker, product):
                self._answer_variant(dispatcher, shop, product, [], said, language)
            elif said:
                self._answer_variant(dispatcher, shop, product, matching(variants, said), said, language)
            else:
                self._answer_product(dispatcher, shop, product, variants, _quantity(tracker), language)
            return remember_one(shop, tracker, product, language)

    def _answer_product(
        self,
        dispatcher: Dispatcher,
        shop: Shop,
        product: Product,
        variants: Sequence[Variant],
        wanted: int,
        language: Language,
    ) -> None:
        available = [variant for variant in variants if variant.is_available]
        name = product.name(language)
        if not available:
            self.say(dispatcher, "utter_sold_out", name=name)
            return
        enough = [variant for variant in available if variant.stock is None or variant.stock >= wanted]
        if not enough:
            most = max(variant.stock or 0 for variant in available)
            self.say(dispatcher, "utter_not_so_many", name=name, count=most)
            return
        if len(available) == 1:
            self._say_available(dispatcher, shop, product, available[0], language)
            return
        lines = [f"- {variant_line(shop, variant, language)}" for variant in enough[:LISTED]]
        more = len(enough) - LISTED
        if more > 0:
            lines.append(wording.pick((f"- and {more} more", f"- 另有 {more} 款"), language))
        self.say(dispatcher, "utter_available_variants", name=name, variants="\n".join(lines))

    def _answer_variant(
        self,
        dispatcher: Dispatcher,
        shop: Shop,
        product: Product,
        fitting: Sequence[Variant],
        said: Sequence[frozenset[Pair]],
        language: Language,
    ) -> None:
        available = [variant for variant in fitting if variant.is_available]
        name = product.name(language)
        if len(available) == 1:
            self._say_available(dispatcher, shop, product, available[0], language)
        elif available:
            lines = "\n".join(f"- {variant_line(shop, variant, language)}" for variant in available[:LISTED])
            self.say(dispatcher, "utter_available_variants", name=name, variants=lines)
        else:
            others = _nearest(shop.variants_of(product.product_id), said)
            wanted = variant_name(product, fitting[0], language) if len(fitting) == 1 else name
            if not others:
                self.say(dispatcher, "utter_sold_out", name=wanted)
                return
            lines = "\n".join(f"- {variant_line(shop, variant, language)}" for variant in others[:LISTED])
            response = "utter_variant_sold_out" if fitting else "utter_variant_unknown"
            self.say(dispatcher, response, name=wanted, variants=lines)

    def _say_available(
        self, dispatcher: Dispatcher, shop: Shop, product: Product, variant: Variant, language: Language
    ) -> None:
        few = variant.stock is not None and variant.stock <= FEW_LEFT
        self.say(
            dispatcher,
            "utter_variant_available_few" if few else "utter_variant_available",
            name=variant_name(product, variant, language),
            price=price(shop, [variant], language),
            count=variant.stock,
        )


def _stock_in_short(shop: Shop, product: Product, text: str, language: Language) -> str:
    """ "size: M, L" of what is in stock, or of what is in stock in the options asked for."""
    variants = [variant for variant in shop.variants_of(product.product_id) if variant.is_available]
    fitting = matching(variants, options_said(text, variants))
    if variants and not fitting:
        return wording.pick(("not in that version", "没有您要的规格"), language)
    return option_lines(fitting, language) if fitting else ""


def _in_those_options(shop: Shop, products: list[Product], text: str) -> list[Product]:
    """Of several products of that name, the ones that exist in the options named."""
    fitting = []
    for product in products:
        variants = shop.variants_of(product.product_id)
        said = options_said(text, variants)
        if said and matching(variants, said):
            fitting.append(product)
    return fitting or products


def _nearest(variants: Sequence[Variant], said: Sequence[frozenset[Pair]]) -> list[Variant]:
    """What is available, most like what was asked for first."""
    available = [variant for variant in variants if variant.is_available]
    return sorted(available, key=lambda variant: -sum(bool(pairs & set(variant.options.items())) for pairs in said))


def _quantity(tracker: Tracker) -> int:
    amounts = [entity["value"] for entity in entities(tracker, "quantity")]
    return max((int(float(amount)) for amount in amounts), default=1)
