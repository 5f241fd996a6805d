"""Tell a colleague about a payment that failed, was charged twice or does not go through."""

from actions import wording
from actions.desk import Desk
from actions.orders.operation import Operation
from knowledge.shop.types import Receipt


class PaymentProblem(Operation):
    def operate(self, desk: Desk, *, key: str, dry_run: bool = False) -> Receipt:
        return desk.shop.open_ticket(
            "payment",
            "payment problem",
            desk.text("description") or "",
            key=key,
            actor=desk.actor,
            customer_id=desk.customer_id,
            conversation_id=desk.sender,
            details={"email": _email(desk), "order_number": desk.text("order_number")},
            dry_run=dry_run,
        )

    def facts(self, desk: Desk, receipt: Receipt) -> dict[str, str]:
        return {
            "masked_email": wording.masked_email(_email(desk)),
            "ticket_number": str(receipt.facts.get("ticket_number", "")),
        }


def _email(desk: Desk) -> str:
    return desk.customer.email if desk.customer else desk.text("email") or ""
