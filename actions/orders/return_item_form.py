"""Who, which order, which items, where the refund goes, and a yes."""

from actions.identification.identity import Identity
from actions.orders.order_form import OrderForm, may
from actions.orders.refusals import why_not_delivered
from actions.orders.return_item import ReturnItem
from actions.orders.steps.confirmation import Confirmation
from actions.orders.steps.payment import Payment, refund_method
from actions.orders.steps.which_items import WhichItems, has_items
from actions.orders.steps.which_order import WhichOrder


class ReturnItemForm(OrderForm):
    steps = (
        Identity(),
        WhichOrder(may("return_items"), why_not_delivered, "none_to_return"),
        WhichItems("utter_ask_items_to_return"),
        Payment(refund_method, "utter_ask_refund_method", is_ready=has_items, objection="refund_method_not_allowed"),
        Confirmation(ReturnItem()),
    )
