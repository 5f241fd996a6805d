"""Where the money of a cancelled or returned order is."""

from actions import wording
from actions.desk import Desk
from actions.orders.operation import Lookup
from actions.orders.steps.payment import method_name
from knowledge.shop.types import Order, Payment, ReturnRequest


class RefundStatus(Lookup):
    def tell(self, desk: Desk) -> None:
        order = desk.order
        if order is None:
            return
        waiting = [request for request in order.returns if request.kind == "return" and request.status == "requested"]
        refunds = [payment for payment in order.payments if payment.kind == "refund" and payment.amount]
        for payment in refunds:
            self._tell_refund(desk, order, payment)
        for request in waiting:
            self._tell_waiting(desk, order, request)
        if not waiting and not refunds:
            desk.say("utter_problem_no_refund", order_number=order.order_number)

    @staticmethod
    def _tell_refund(desk: Desk, order: Order, payment: Payment) -> None:
        method = desk.customer.payment_method(payment.payment_method_id) if desk.customer else None
        earliest, latest = desk.shop.policy.refund_days_of(method.source) if method else (5, 7)
        desk.say(
            "utter_refund_sent_on" if payment.at else "utter_refund_sent",
            order_number=order.order_number,
            amount=wording.money(payment.amount, desk.shop.policy.currency, desk.language),
            method=method_name(desk, payment.payment_method_id),
            when=wording.business_days(earliest, latest, desk.language),
            day=wording.date(payment.at, desk.language, desk.shop.now) if payment.at else "",
        )

    @staticmethod
    def _tell_waiting(desk: Desk, order: Order, request: ReturnRequest) -> None:
        desk.say(
            "utter_refund_waits_for_parcel",
            order_number=order.order_number,
            amount=wording.money(request.amount, desk.shop.policy.currency, desk.language),
            method=method_name(desk, request.payment_method_id),
        )


def has_refund(_desk: Desk, order: Order) -> bool:
    return bool(order.returns) or any(payment.kind == "refund" and payment.amount for payment in order.payments)
