"""Who, which order, where to, and a yes."""

from actions.identification.identity import Identity
from actions.orders.change_delivery_address import ChangeDeliveryAddress
from actions.orders.order_form import OrderForm, may
from actions.orders.refusals import why_not_pending
from actions.orders.steps.confirmation import Confirmation
from actions.orders.steps.new_address import NewAddress
from actions.orders.steps.which_order import WhichOrder


class ChangeDeliveryAddressForm(OrderForm):
    steps = (
        Identity(),
        WhichOrder(may("change_order_address"), why_not_pending, "none_to_change"),
        NewAddress(lambda desk: desk.order.address if desk.order else None),
        Confirmation(ChangeDeliveryAddress()),
    )
