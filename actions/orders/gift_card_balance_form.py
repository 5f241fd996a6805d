"""Who."""

from actions.identification.identity import Identity
from actions.orders.order_form import OrderForm


class GiftCardBalanceForm(OrderForm):
    steps = (Identity(),)
