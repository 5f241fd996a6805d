"""Who, and which order."""

from actions.identification.identity import Identity
from actions.orders.order_form import OrderForm
from actions.orders.steps.which_order import WhichOrder


class OrderDetailsForm(OrderForm):
    steps = (
        Identity(),
        WhichOrder(none_left="no_orders"),
    )
