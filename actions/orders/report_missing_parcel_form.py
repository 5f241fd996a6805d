"""Who, which order, and a yes."""

from actions.identification.identity import Identity
from actions.orders.order_form import OrderForm
from actions.orders.problem_report import has_left, not_has_left
from actions.orders.report_missing_parcel import ReportMissingParcel
from actions.orders.steps.confirmation import Confirmation
from actions.orders.steps.description import Description
from actions.orders.steps.which_order import WhichOrder


class ReportMissingParcelForm(OrderForm):
    steps = (
        Identity(),
        WhichOrder(has_left, not_has_left, "no_orders"),
        Description(),
        Confirmation(ReportMissingParcel()),
    )
