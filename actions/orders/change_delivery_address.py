"""Send an order that has not left yet somewhere else."""

from actions import wording
from actions.desk import Desk
from actions.orders.operation import Operation
from actions.orders.steps.new_address import chosen_address
from knowledge.shop.types import Receipt


class ChangeDeliveryAddress(Operation):
    def operate(self, desk: Desk, *, key: str, dry_run: bool = False) -> Receipt:
        number = desk.text("order_number") or ""
        return desk.shop.change_order_address(number, chosen_address(desk), key=key, actor=desk.actor, dry_run=dry_run)

    def facts(self, desk: Desk, receipt: Receipt) -> dict[str, str]:
        return {
            "order_number": desk.text("order_number") or "",
            "new_address": wording.address(chosen_address(desk)),
        }
