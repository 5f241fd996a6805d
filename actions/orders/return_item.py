"""Send delivered items back."""

from actions import wording
from actions.desk import Desk
from actions.orders.operation import Operation, money_told
from actions.orders.steps.which_items import chosen_lines
from knowledge.shop.types import Receipt


class ReturnItem(Operation):
    def operate(self, desk: Desk, *, key: str, dry_run: bool = False) -> Receipt:
        number, method = desk.text("order_number") or "", desk.text("payment_method") or ""
        line_ids: list[str] = desk.get("items") or []
        return desk.shop.return_items(number, line_ids, method, key=key, actor=desk.actor, dry_run=dry_run)

    def facts(self, desk: Desk, receipt: Receipt) -> dict[str, str]:
        return {
            "order_number": desk.text("order_number") or "",
            "items": wording.items(chosen_lines(desk), desk.language),
            "money": money_told(desk, receipt),
        }
