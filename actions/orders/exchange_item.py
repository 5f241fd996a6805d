"""Exchange delivered items for other variants of the same products, all in one go."""

from collections.abc import Callable

from actions.orders.swap import Swap
from knowledge.shop.errors import RefusalCode
from knowledge.shop.shop import Shop
from knowledge.shop.types import Receipt


class ExchangeItem(Swap):
    refused_early = frozenset({RefusalCode.EXCHANGE_WINDOW_OVER, RefusalCode.ITEM_NOT_RETURNABLE})
    other = ("change_order_items", "change_order_items")

    def swap(self, shop: Shop) -> Callable[..., Receipt]:
        return shop.exchange_items
