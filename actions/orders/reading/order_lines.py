"""From the shop's lines and variants to what the readers of words work on."""

from collections.abc import Iterable

from actions.orders.reading.lines import Line
from actions.orders.reading.variants import Item
from knowledge.shop.types import OrderLine, Variant


def readable(lines: Iterable[OrderLine]) -> list[Line]:
    return [
        Line(
            line.line_id, line.product_id, line.variant_id, line.name_en, line.name_zh,
            line.options, line.options_zh, line.quantity,
        )
        for line in lines
    ]  # fmt: skip


def items(variants: Iterable[Variant]) -> list[Item]:
    return [
        Item(variant.variant_id, variant.options, variant.options_zh, variant.price, variant.is_available)
        for variant in variants
    ]


def item_of(line: OrderLine) -> Item:
    """The variant that was ordered, at the price that was paid."""
    return Item(line.variant_id, line.options, line.options_zh, line.unit_price)
