"""Who, and which order where several have refunds."""

from actions.identification.identity import Identity
from actions.orders.order_form import OrderForm
from actions.orders.refund_status import has_refund
from actions.orders.steps.which_order import WhichOrder


class RefundStatusForm(OrderForm):
    steps = (
        Identity(),
        WhichOrder(has_refund, lambda _order: "no_refund", "no_refunds"),
    )
