"""Who, which order, why, and a yes."""

from actions.identification.identity import Identity
from actions.orders.cancel_order import CancelOrder
from actions.orders.order_form import OrderForm, may
from actions.orders.refusals import why_not_pending
from actions.orders.steps.confirmation import Confirmation
from actions.orders.steps.reason import Reason
from actions.orders.steps.which_order import WhichOrder


class CancelOrderForm(OrderForm):
    steps = (
        Identity(),
        WhichOrder(may("cancel_order"), why_not_pending, "none_to_change"),
        Reason(),
        Confirmation(CancelOrder()),
    )
