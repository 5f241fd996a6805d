"""What is in an order, what it cost, how it was paid and where it goes."""

from actions import wording
from actions.desk import Desk
from actions.orders.operation import Lookup
from actions.orders.steps.payment import method_name
from knowledge.shop.types import Order, OrderLine


class OrderDetails(Lookup):
    def tell(self, desk: Desk) -> None:
        order = desk.order
        if order is None:
            return
        currency = desk.shop.policy.currency
        desk.say(
            "utter_order_details",
            order_number=order.order_number,
            status=wording.status(order.status, desk.language),
            items="\n".join(_row(line, desk) for line in order.lines),
            total=wording.money(order.total, currency, desk.language),
            method=_paid_with(order, desk),
            to_address=wording.address(order.address),
        )


def _row(line: OrderLine, desk: Desk) -> str:
    return (
        f"• {wording.item(line, desk.language)}: {wording.money(line.total, desk.shop.policy.currency, desk.language)}"
    )


def _paid_with(order: Order, desk: Desk) -> str:
    paid = [payment.payment_method_id for payment in order.payments if payment.kind == "payment"]
    return wording.listing([method_name(desk, method) for method in dict.fromkeys(paid)], desk.language) or "—"
