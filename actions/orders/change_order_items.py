"""Put other variants in place of items of an order that has not left yet. It can be done once an order."""

from collections.abc import Callable

from actions.orders.swap import Swap
from knowledge.shop.errors import RefusalCode
from knowledge.shop.shop import Shop
from knowledge.shop.types import Receipt


class ChangeOrderItems(Swap):
    refused_early = frozenset({RefusalCode.ALREADY_MODIFIED})
    other = ("exchange_item", "exchange_items")

    def swap(self, shop: Shop) -> Callable[..., Receipt]:
        return shop.change_order_items
