"""Why the shop says no, as the problem that says so: `utter_problem_<code>` and the facts of its sentence."""

from collections.abc import Callable, Mapping

from actions import wording
from actions.desk import Desk
from knowledge.shop.errors import RefusalCode, Refused
from knowledge.shop.types import Order, OrderStatus

HAS_RESPONSE = frozenset(
    {
        "order_not_found", "order_not_pending", "order_not_delivered", "already_modified", "return_window_over",
        "exchange_window_over", "item_not_returnable", "quantity_not_allowed", "variant_unavailable", "same_variant",
        "same_address", "address_incomplete", "payment_method_same", "several_payments", "gift_card_too_low",
        "refund_method_not_allowed", "reason_not_accepted", "not_allowed_by_policy",
    }
)  # fmt: skip
KINDS = {"food": ("food", "食品类商品"), "beauty": ("cosmetics", "美妆类商品")}
"""Goods that shops often do not take back, by category."""

WHY_NOT = {
    OrderStatus.PENDING: "order_not_left",
    OrderStatus.PENDING_ITEM_MODIFIED: "already_modified",
    OrderStatus.PROCESSED: "order_not_pending",
    OrderStatus.RETURN_REQUESTED: "already_modified",
    OrderStatus.EXCHANGE_REQUESTED: "already_modified",
    OrderStatus.CANCELLED: "order_over",
    OrderStatus.RETURNED: "order_over",
    OrderStatus.EXCHANGED: "order_over",
    OrderStatus.REFUNDED: "order_over",
}
"""What keeps an order in this state from being changed, or sent back: the problem that says so."""


def why_not_pending(order: Order) -> str:
    """The problem with changing or cancelling an order in its state."""
    return _not_pending(order.status)


def why_not_delivered(order: Order) -> str:
    """The problem with sending an order back in its state."""
    return _not_delivered(order.status)


def _not_pending(status: OrderStatus) -> str:
    return "order_arrived" if status == OrderStatus.DELIVERED else WHY_NOT.get(status, "order_not_pending")


def _not_delivered(status: OrderStatus) -> str:
    is_here = status == OrderStatus.PENDING_ITEM_MODIFIED
    return "order_not_left" if is_here else WHY_NOT.get(status, "order_not_delivered")


BY_STATUS: Mapping[RefusalCode, Callable[[OrderStatus], str]] = {
    RefusalCode.ORDER_NOT_PENDING: _not_pending,
    RefusalCode.ORDER_NOT_DELIVERED: _not_delivered,
}


def refusal_response(refusal: Refused, desk: Desk) -> tuple[str, dict[str, str]]:
    """The problem's code and the facts of its sentence.

    The order's state is what the shop found when it refused: what was read before may have been changed since.
    """
    status = refusal.facts.get("status")
    facts = {"order_number": str(refusal.facts.get("order_number") or desk.text("order_number") or "")}
    if state := OrderStatus(str(status)) if status else desk.order and desk.order.status:
        facts["status"] = wording.status(state, desk.language)
    for name, value in refusal.facts.items():
        if name in ("balance", "needed"):
            facts[name] = wording.money_text(str(value), desk.shop.policy.currency, desk.language)
        elif name == "window_days":
            facts[name] = str(value)
        elif name == "line_id" and desk.order and (line := desk.order.line(str(value))):
            facts["product"] = line.name(desk.language)
        elif name == "category":
            facts["kind"] = wording.pick(KINDS.get(str(value), ("goods of that kind", "这类商品")), desk.language)
    return _problem(refusal.code, OrderStatus(str(status)) if status else None), facts


def _problem(code: RefusalCode, status: OrderStatus | None) -> str:
    if status and (by_status := BY_STATUS.get(code)):
        return by_status(status)
    return code.value if code.value in HAS_RESPONSE else "not_allowed_by_policy"
