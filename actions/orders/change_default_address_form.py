"""Who, the new address, and a yes."""

from actions.identification.identity import Identity
from actions.orders.change_default_address import ChangeDefaultAddress
from actions.orders.order_form import OrderForm
from actions.orders.steps.confirmation import Confirmation
from actions.orders.steps.new_address import NewAddress


class ChangeDefaultAddressForm(OrderForm):
    steps = (
        Identity(),
        NewAddress(lambda desk: desk.customer.address if desk.customer else None, may_use_default=False),
        Confirmation(ChangeDefaultAddress()),
    )
