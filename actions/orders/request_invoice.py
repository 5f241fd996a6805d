"""Have an invoice sent to the customer's e-mail."""

from actions import wording
from actions.desk import Desk
from actions.orders.operation import Operation
from knowledge.shop.types import Order, OrderStatus, Receipt


class RequestInvoice(Operation):
    def operate(self, desk: Desk, *, key: str, dry_run: bool = False) -> Receipt:
        invoice = desk.get("invoice") or {}
        return desk.shop.request_invoice(
            desk.text("order_number") or "",
            key=key,
            actor=desk.actor,
            title=invoice.get("title"),
            tax_number=invoice.get("tax_number"),
            dry_run=dry_run,
        )

    def facts(self, desk: Desk, receipt: Receipt) -> dict[str, str]:
        invoice = desk.get("invoice") or {}
        return {
            "order_number": desk.text("order_number") or "",
            "title": invoice.get("title") or wording.pick(("private customer", "个人"), desk.language),
            "masked_email": wording.masked_email(desk.customer.email if desk.customer else ""),
        }


def has_invoice(_desk: Desk, order: Order) -> bool:
    return order.status != OrderStatus.CANCELLED
