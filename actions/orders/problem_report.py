"""What the reports about a parcel share: a ticket with the order, the items and the customer's own words."""

from abc import abstractmethod

from actions import wording
from actions.base import Event
from actions.desk import Desk
from actions.orders.amends import make_amends
from actions.orders.operation import Operation
from actions.orders.shipping import latest_news
from actions.orders.steps.which_items import chosen_lines
from knowledge.shop.types import Order, OrderStatus, ProblemKind, Receipt

ARRIVED = frozenset({OrderStatus.DELIVERED, OrderStatus.RETURN_REQUESTED, OrderStatus.EXCHANGE_REQUESTED})


class ProblemReport(Operation):
    @property
    @abstractmethod
    def kind(self) -> ProblemKind:
        """A plain class attribute in each report."""

    def operate(self, desk: Desk, *, key: str, dry_run: bool = False) -> Receipt:
        return desk.shop.report_problem(
            desk.text("order_number") or "",
            self.kind,
            key=key,
            actor=desk.actor,
            line_ids=desk.get("items") or [],
            description=desk.text("description") or "",
            dry_run=dry_run,
        )

    def after(self, desk: Desk, receipt: Receipt, key: str) -> list[Event]:
        return make_amends(desk, key) if receipt.created else []

    def facts(self, desk: Desk, receipt: Receipt) -> dict[str, str]:
        order = desk.order
        return {
            "order_number": desk.text("order_number") or "",
            "items": wording.items(chosen_lines(desk) or (order.lines if order else ()), desk.language),
            "news": latest_news(order, desk.language, desk.shop.now) if order else "",
            "ticket_number": str(receipt.facts.get("ticket_number", "")),
        }


def is_under_way(_desk: Desk, order: Order) -> bool:
    return order.status in (
        OrderStatus.PENDING, OrderStatus.PENDING_ITEM_MODIFIED, OrderStatus.PROCESSED, OrderStatus.SHIPPED,
    )  # fmt: skip


def not_is_under_way(order: Order) -> str:
    return "already_delivered" if order.status in ARRIVED else "order_closed"


def has_left(_desk: Desk, order: Order) -> bool:
    return order.status in ARRIVED | {OrderStatus.SHIPPED, OrderStatus.PROCESSED}


def not_has_left(order: Order) -> str:
    return "order_closed" if order.status == OrderStatus.CANCELLED else "not_shipped_yet"


def has_arrived(_desk: Desk, order: Order) -> bool:
    return order.status in ARRIVED


def not_has_arrived(order: Order) -> str:
    return "order_closed" if order.status == OrderStatus.CANCELLED else "not_arrived_yet"
