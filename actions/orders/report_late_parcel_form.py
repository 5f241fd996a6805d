"""Who, which order, and a yes."""

from actions.identification.identity import Identity
from actions.orders.order_form import OrderForm
from actions.orders.problem_report import is_under_way, not_is_under_way
from actions.orders.report_late_parcel import ReportLateParcel
from actions.orders.steps.confirmation import Confirmation
from actions.orders.steps.description import Description
from actions.orders.steps.which_order import WhichOrder


class ReportLateParcelForm(OrderForm):
    steps = (
        Identity(),
        WhichOrder(is_under_way, not_is_under_way, "no_orders"),
        Description(),
        Confirmation(ReportLateParcel()),
    )
