"""What happened, where we can answer, and a yes."""

from actions.orders.order_form import OrderForm
from actions.orders.payment_problem import PaymentProblem
from actions.orders.steps.confirmation import Confirmation
from actions.orders.steps.contact_email import ContactEmail
from actions.orders.steps.description import Description


class PaymentProblemForm(OrderForm):
    steps = (
        Description(),
        ContactEmail(),
        Confirmation(PaymentProblem()),
    )
