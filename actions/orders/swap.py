"""What changing items before an order leaves and exchanging them afterwards share: all of an order's in one go."""

from abc import abstractmethod
from collections.abc import Callable
from typing import ClassVar

from actions.desk import Desk
from actions.orders.operation import Operation, money_told
from actions.orders.steps.new_variants import described, item_changes
from knowledge.shop.policy import Operation as PolicyOperation
from knowledge.shop.shop import Shop
from knowledge.shop.types import Receipt


class Swap(Operation):
    other: ClassVar[tuple[str, PolicyOperation]]
    """The topic that swaps at the other time, and what the policy calls it."""

    @abstractmethod
    def swap(self, shop: Shop) -> Callable[..., Receipt]:
        """The shop's own operation."""

    def operate(self, desk: Desk, *, key: str, dry_run: bool = False) -> Receipt:
        number, method = desk.text("order_number") or "", desk.text("payment_method") or ""
        return self.swap(desk.shop)(number, item_changes(desk), method, key=key, actor=desk.actor, dry_run=dry_run)

    def facts(self, desk: Desk, receipt: Receipt) -> dict[str, str]:
        return {
            "order_number": desk.text("order_number") or "",
            "changed_items": described(desk),
            "money": money_told(desk, receipt),
        }

    def instead(self, desk: Desk) -> str | None:
        """People say "exchange" and "change" for both: what counts is whether the order has left."""
        order, (topic, operation) = desk.order, self.other
        return topic if order and order.status in desk.shop.policy.of(operation).states else None
