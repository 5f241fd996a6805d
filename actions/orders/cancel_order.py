"""Cancel an order that has not left yet."""

from actions import wording
from actions.desk import Desk
from actions.orders.operation import Operation, money_told
from knowledge.shop.types import Receipt


class CancelOrder(Operation):
    def operate(self, desk: Desk, *, key: str, dry_run: bool = False) -> Receipt:
        number, reason = desk.text("order_number") or "", desk.text("cancel_reason") or ""
        return desk.shop.cancel_order(number, reason, key=key, actor=desk.actor, dry_run=dry_run)

    def facts(self, desk: Desk, receipt: Receipt) -> dict[str, str]:
        return {
            "order_number": desk.text("order_number") or "",
            "items": wording.items(desk.order.lines if desk.order else (), desk.language),
            "reason": wording.reason(desk.text("cancel_reason") or "", desk.language),
            "money": money_told(desk, receipt),
        }
