"""Who, and which order."""

from actions.identification.identity import Identity
from actions.orders.order_form import OrderForm
from actions.orders.problem_report import is_under_way
from actions.orders.steps.which_order import WhichOrder


class TrackOrderForm(OrderForm):
    steps = (
        Identity(),
        WhichOrder(none_left="no_orders", preferred=is_under_way),
    )
