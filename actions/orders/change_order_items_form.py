"""Who, which order, which items for which variants, who pays the difference, and a yes."""

from actions.identification.identity import Identity
from actions.orders.change_order_items import ChangeOrderItems
from actions.orders.order_form import OrderForm, may
from actions.orders.refusals import why_not_pending
from actions.orders.steps.confirmation import Confirmation
from actions.orders.steps.new_variants import NewVariants, differs, has_changes
from actions.orders.steps.payment import Payment, any_method
from actions.orders.steps.which_order import WhichOrder


class ChangeOrderItemsForm(OrderForm):
    steps = (
        Identity(),
        WhichOrder(may("change_order_items"), why_not_pending, "none_to_change"),
        NewVariants("utter_ask_items_to_change", "no_variant_to_change", may_change_quantity=True),
        Payment(any_method, "utter_ask_difference_method", is_due=differs, is_ready=has_changes),
        Confirmation(ChangeOrderItems()),
    )
