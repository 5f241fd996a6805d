"""Where future orders go."""

from actions import wording
from actions.desk import Desk
from actions.orders.operation import Operation
from actions.orders.steps.new_address import chosen_address
from knowledge.shop.types import Receipt


class ChangeDefaultAddress(Operation):
    def operate(self, desk: Desk, *, key: str, dry_run: bool = False) -> Receipt:
        customer, address = desk.customer_id or "", chosen_address(desk)
        return desk.shop.change_default_address(customer, address, key=key, actor=desk.actor, dry_run=dry_run)

    def facts(self, desk: Desk, receipt: Receipt) -> dict[str, str]:
        return {"new_address": wording.address(chosen_address(desk))}
