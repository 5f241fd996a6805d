"""The base of forms about an order: who, which order, the rest, and a confirmation that the shop agrees to."""

from collections.abc import Callable

from actions.desk import Desk
from actions.form import KefuForm
from actions.orders.steps.confirmation import Confirmation
from knowledge.shop.policy import Operation as PolicyOperation
from knowledge.shop.types import Order


class OrderForm(KefuForm):
    """Words that come before it is known who speaks of which order are kept and read then."""

    def fill(self, desk: Desk) -> str | None:
        could_read = self._could_read(desk)
        requested = super().fill(desk)
        confirmation = self.steps[-1]
        if requested and isinstance(confirmation, Confirmation):
            if requested == confirmation.slot:
                confirmation.check(desk)
            elif desk.order:
                confirmation.check_early(desk)
            requested = None if desk.is_over else self._next(desk)
        if not could_read or desk.is_over or desk.get("unread"):
            self._keep_words(desk)
        return requested

    def _could_read(self, desk: Desk) -> bool:
        """Whether it is known who speaks, and of which order where the form is about one."""
        slots = {step.slot for step in self.steps}
        is_known = bool(desk.customer_id) or "customer_id" not in slots
        return desk.order is not None if "order_number" in slots else is_known

    def _keep_words(self, desk: Desk) -> None:
        is_first = desk.requested is None
        if self._could_read(desk) and not desk.is_over:
            desk.put("unread", None)
        elif is_first or desk.has_news():
            desk.put("unread", [*(desk.get("unread") or []), desk.said.text])


def may(operation: PolicyOperation) -> Callable[[Desk, Order], bool]:
    """Whether the policy allows the operation in an order's state."""

    def suits(desk: Desk, order: Order) -> bool:
        return order.status in desk.shop.policy.of(operation).states

    return suits
