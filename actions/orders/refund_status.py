"""Where the money of a cancelled, returned or exchanged order is."""

from decimal import Decimal

from actions import wording
from actions.desk import Desk
from actions.orders.operation import Lookup
from actions.orders.steps.payment import method_name
from knowledge.shop.types import Order, Payment, ReturnRequest

UNDER_WAY = ("requested", "received")


class RefundStatus(Lookup):
    def tell(self, desk: Desk) -> None:
        order = desk.order
        if order is None:
            return
        waiting = [request for request in order.returns if request.status in UNDER_WAY and money_back(request)]
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
        has_come = "utter_refund_follows" if request.kind == "return" else "utter_difference_follows"
        not_yet = "utter_refund_waits_for_parcel" if request.kind == "return" else "utter_difference_waits_for_parcel"
        desk.say(
            has_come if request.status == "received" else not_yet,
            order_number=order.order_number,
            amount=wording.money(money_back(request), desk.shop.policy.currency, desk.language),
            method=method_name(desk, request.payment_method_id),
        )


def has_refund(_desk: Desk, order: Order) -> bool:
    is_paid_back = any(payment.kind == "refund" and payment.amount for payment in order.payments)
    return is_paid_back or any(request.kind == "return" or money_back(request) for request in order.returns)


def money_back(request: ReturnRequest) -> Decimal:
    """What the customer gets: of a return its worth, of an exchange for something cheaper the difference."""
    return request.amount if request.kind == "return" else max(-request.amount, Decimal(0))
