"""Pay an order that has not left yet with another method; the old one gets its money back."""

from actions.desk import Desk
from actions.orders.operation import Operation, money_told
from actions.orders.steps.payment import method_name
from knowledge.shop.errors import RefusalCode
from knowledge.shop.types import Receipt


class ChangePaymentMethod(Operation):
    refused_early = frozenset({RefusalCode.SEVERAL_PAYMENTS})

    def operate(self, desk: Desk, *, key: str, dry_run: bool = False) -> Receipt:
        number, method = desk.text("order_number") or "", desk.text("payment_method") or ""
        return desk.shop.change_order_payment(number, method, key=key, actor=desk.actor, dry_run=dry_run)

    def facts(self, desk: Desk, receipt: Receipt) -> dict[str, str]:
        return {
            "order_number": desk.text("order_number") or "",
            "new_method": method_name(desk, desk.text("payment_method") or ""),
            "money": money_told(desk, receipt),
        }
