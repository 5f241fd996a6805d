"""Who, which order, and a yes."""

from actions.identification.identity import Identity
from actions.orders.order_form import OrderForm
from actions.orders.request_invoice import RequestInvoice, has_invoice
from actions.orders.steps.confirmation import Confirmation
from actions.orders.steps.invoice_title import InvoiceTitle
from actions.orders.steps.which_order import WhichOrder


class RequestInvoiceForm(OrderForm):
    steps = (
        Identity(),
        WhichOrder(has_invoice, lambda _order: "no_invoice", "no_orders"),
        InvoiceTitle(),
        Confirmation(RequestInvoice()),
    )
