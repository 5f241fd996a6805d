"""Put other variants in place of items of an order that has not left yet. It can be done once an order."""

from actions.desk import Desk
from actions.orders.operation import Operation, money_told
from actions.orders.steps.new_variants import described, item_changes
from knowledge.shop.errors import RefusalCode
from knowledge.shop.types import Receipt


class ChangeOrderItems(Operation):
    refused_early = frozenset({RefusalCode.ALREADY_MODIFIED})

    def operate(self, desk: Desk, *, key: str, dry_run: bool = False) -> Receipt:
        number, method = desk.text("order_number") or "", desk.text("payment_method") or ""
        changes = item_changes(desk)
        return desk.shop.change_order_items(number, changes, method, key=key, actor=desk.actor, dry_run=dry_run)

    def facts(self, desk: Desk, receipt: Receipt) -> dict[str, str]:
        return {
            "order_number": desk.text("order_number") or "",
            "changed_items": described(desk),
            "money": money_told(desk, receipt),
        }

    def instead(self, desk: Desk) -> str | None:
        """People say "exchange" and "change" for both: what counts is whether the order has left."""
        order = desk.order
        return "exchange_item" if order and order.status in desk.shop.policy.of("exchange_items").states else None
