"""Who, which order, which method instead, and a yes."""

from actions.identification.identity import Identity
from actions.orders.change_payment_method import ChangePaymentMethod
from actions.orders.order_form import OrderForm, may
from actions.orders.refusals import why_not_pending
from actions.orders.steps.confirmation import Confirmation
from actions.orders.steps.payment import Payment, another_method
from actions.orders.steps.which_order import WhichOrder


class ChangePaymentMethodForm(OrderForm):
    steps = (
        Identity(),
        WhichOrder(may("change_order_payment"), why_not_pending, "none_to_change"),
        Payment(another_method, "utter_ask_new_method", objection="payment_method_same"),
        Confirmation(ChangePaymentMethod()),
    )
