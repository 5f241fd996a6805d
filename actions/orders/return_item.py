"""Send delivered items back."""

from dataclasses import replace

from actions import wording
from actions.desk import Desk
from actions.orders.operation import Operation, money_told
from actions.orders.steps.which_items import chosen_lines, pieces_of
from knowledge.shop.errors import RefusalCode
from knowledge.shop.types import Receipt


class ReturnItem(Operation):
    refused_early = frozenset({RefusalCode.RETURN_WINDOW_OVER, RefusalCode.ITEM_NOT_RETURNABLE})

    def operate(self, desk: Desk, *, key: str, dry_run: bool = False) -> Receipt:
        number, method = desk.text("order_number") or "", desk.text("payment_method") or ""
        line_ids: list[str] = desk.get("items") or []
        quantities = {line.line_id: pieces_of(desk, line) for line in chosen_lines(desk)}
        return desk.shop.return_items(
            number, line_ids, method, key=key, actor=desk.actor, quantities=quantities, dry_run=dry_run
        )

    def facts(self, desk: Desk, receipt: Receipt) -> dict[str, str]:
        return {
            "order_number": desk.text("order_number") or "",
            "items": wording.items(
                [replace(line, quantity=pieces_of(desk, line)) for line in chosen_lines(desk)], desk.language
            ),
            "money": money_told(desk, receipt),
        }
