"""Who, which order, which items, and a yes."""

from actions.identification.identity import Identity
from actions.orders.order_form import OrderForm
from actions.orders.problem_report import has_arrived, not_has_arrived
from actions.orders.report_damaged_item import ReportDamagedItem
from actions.orders.steps.confirmation import Confirmation
from actions.orders.steps.description import Description
from actions.orders.steps.which_items import WhichItems
from actions.orders.steps.which_order import WhichOrder


class ReportDamagedItemForm(OrderForm):
    steps = (
        Identity(),
        WhichOrder(has_arrived, not_has_arrived, "no_orders"),
        Description(),
        WhichItems("utter_ask_items_concerned"),
        Confirmation(ReportDamagedItem()),
    )
