"""How products look in an answer: a line of text, a card, and what is remembered of them for the next message."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from actions import wording
from actions.base import Dispatcher, Event, Language, SlotSet, Tracker
from actions.choosing import read_choices
from actions.products.reading import KIND, as_choice
from knowledge.shop.shop import Shop
from knowledge.shop.types import Product, Variant

FEW_LEFT = 5
"""From this stock on downwards the number is worth saying."""


def price(shop: Shop, variants: Sequence[Variant], language: Language) -> str:
    """ "$12.00", or "$12.00–$19.00" where the variants differ; of what is available, else of all."""
    prices = [v.price for v in variants if v.is_available] or [v.price for v in variants]
    if not prices:
        return ""
    lowest, highest = (amount(shop, each, language) for each in (min(prices), max(prices)))
    return lowest if lowest == highest else f"{lowest}–{highest}"


def amount(shop: Shop, value: Decimal, language: Language) -> str:
    return wording.money(value, shop.policy.currency, language)


def line(shop: Shop, product: Product, language: Language) -> str:
    """ "Desk Lamp, $25.00–$31.00" with a word if it is sold out."""
    variants = shop.variants_of(product.product_id)
    separator = "，" if language == "zh" else ", "
    sold_out = wording.pick(("sold out", "暂时缺货"), language)
    parts = [product.name(language), price(shop, variants, language)]
    return separator.join(part for part in [*parts, "" if _in_stock(variants) else sold_out] if part)


def card(shop: Shop, product: Product, language: Language, subtitle: str = "") -> dict[str, Any]:
    variants = shop.variants_of(product.product_id)
    name = product.name(language)
    details = wording.pick((f"Tell me more about the {name}", f"{name}的详情"), language)
    stock = wording.pick((f"Which {name} are in stock?", f"{name}有哪些现货"), language)
    return {
        "title": name,
        "subtitle": subtitle or _first_sentence(product.description(language), language),
        "price": price(shop, variants, language),
        "image": product.image,
        "buttons": [
            {"title": wording.pick(("Details", "详情"), language), "payload": details},
            {"title": wording.pick(("In stock?", "看库存"), language), "payload": stock},
        ],
    }


def show(
    dispatcher: Dispatcher,
    shop: Shop,
    response: str,
    products: Sequence[Product],
    language: Language,
    *,
    subtitles: Mapping[str, str] | None = None,
    **facts: str,
) -> list[Event]:
    """Say `response` with `{products}` as a numbered list and the same as cards, and remember what was shown."""
    subtitles = subtitles or {}
    separator = "：" if language == "zh" else ": "
    lines = [
        separator.join(filter(None, (line(shop, product, language), subtitles.get(product.product_id))))
        for product in products
    ]
    cards = [card(shop, product, language, subtitles.get(product.product_id, "")) for product in products]
    listed = wording.numbered(lines) if len(lines) > 1 else "".join(lines)
    worded: dict[str, Any] = {"products": listed, **facts}
    dispatcher.utter_message(response=response, json_message={"cards": cards}, **worded)
    return remember(shop, products, language)


def remember_one(shop: Shop, tracker: Tracker, product: Product, language: Language) -> list[Event]:
    """ "It" is this one from now on; a list it was picked from stays, for "and the third?"."""
    if any(choice.id == product.product_id for choice in read_choices(tracker.get_slot("choices"), KIND)):
        return [SlotSet("product", product.product_id)]
    return remember(shop, [product], language)


def remember(shop: Shop, products: Sequence[Product], language: Language) -> list[Event]:
    """So that "the second one" and "how much is it" have something to point at."""
    choices = [as_choice(product, shop.variants_of(product.product_id), language).to_slot() for product in products]
    first = products[0].product_id if products else None
    return [SlotSet("choices", choices), SlotSet("product", first)]


def option_lines(variants: Sequence[Variant], language: Language) -> str:
    """ "colour: black, blue; size: S, M, L" of what is available."""
    available = [variant for variant in variants if variant.is_available] or list(variants)
    values: dict[str, dict[str, None]] = {}
    for variant in available:
        for name, value in variant.options_in(language).items():
            values.setdefault(name, {})[value] = None
    comma, colon, semicolon = ("、", "：", "；") if language == "zh" else (", ", ": ", "; ")
    return semicolon.join(f"{name}{colon}{comma.join(found)}" for name, found in values.items())


def variant_name(product: Product, variant: Variant, language: Language) -> str:
    """ "Desk Lamp (black, battery)" """
    values = wording.options(variant.options_in(language), language)
    brackets = "（{}）" if language == "zh" else " ({})"
    return product.name(language) + (brackets.format(values) if values else "")


def variant_line(shop: Shop, variant: Variant, language: Language) -> str:
    """ "blue, M, $20.00 (only 2 left)" """
    values = wording.options(variant.options_in(language), language)
    separator = "，" if language == "zh" else ", "
    text = separator.join(filter(None, (values, amount(shop, variant.price, language))))
    if variant.stock is None or variant.stock > FEW_LEFT:
        return text
    return text + wording.pick((f" (only {variant.stock} left)", f"（仅剩{variant.stock}件）"), language)


def _in_stock(variants: Sequence[Variant]) -> bool:
    return any(variant.is_available for variant in variants)


def _first_sentence(text: str, language: Language) -> str:
    end = text.find("。" if language == "zh" else ". ")
    return text[: end + 1].strip() if end >= 0 else text
