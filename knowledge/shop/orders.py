"""Reading orders, and the checks that every change of an order begins with."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from knowledge.shop.errors import RefusalCode, Refused
from knowledge.shop.folding import digits_of, order_number_key
from knowledge.shop.ledger import Ledger, may_act_for
from knowledge.shop.policy import Operation
from knowledge.shop.rows import order_from
from knowledge.shop.schema import OrderRow, PaymentMethodRow, VariantRow
from knowledge.shop.types import Order, OrderStatus

_PENDING_OPERATIONS = {"cancel_order", "change_order_address", "change_order_payment", "change_order_items"}
_PARTS = (OrderRow.lines, OrderRow.payments, OrderRow.shipments, OrderRow.returns)
_BY_NUMBER = (
    select(OrderRow).where(OrderRow.number_key == bindparam("key")).options(*(joinedload(part) for part in _PARTS))
)
"""One statement for one order with all its parts: they are few, and a statement each costs more than the repetition."""
_READ = "orders read"
_AS_IT_IS = {"populate_existing": True}
"""Overwrites what the session holds already: it may be older than the lock."""


class Orders(Ledger):
    def order(self, order_number: str, customer_id: str | None = None) -> Order | None:
        """The order of that number, however it is written; digits alone do when no other order ends in them.

        With `customer_id`, somebody else's order is None, just like one that does not exist.
        """
        row = self._order_row(order_number)
        if row is None or customer_id not in (None, row.customer_id):
            return None
        return order_from(row)

    def orders_of(
        self, customer_id: str, statuses: Collection[OrderStatus] | None = None, limit: int | None = None
    ) -> list[Order]:
        """The customer's orders, newest first."""
        query = select(OrderRow).where(OrderRow.customer_id == customer_id)
        if statuses is not None:
            query = query.where(OrderRow.status.in_([status.value for status in statuses]))
        newest_first = query.order_by(OrderRow.placed_at.desc(), OrderRow.order_id.desc()).limit(limit)
        return [order_from(row) for row in self._session.scalars(_whole(newest_first))]

    def _order_row(self, order_number: str) -> OrderRow | None:
        key = order_number_key(order_number)
        if not key:
            return None
        rows: dict[str, OrderRow] = self._session.info.setdefault(_READ, {})  # a turn asks for the same one many times
        if key not in rows and (found := self._find_order(key)):
            rows[key] = found
        return rows.get(key)

    def _find_order(self, key: str) -> OrderRow | None:
        found = self._session.scalars(_BY_NUMBER, {"key": key}).unique().one_or_none()
        if found is not None or key != digits_of(key):
            return found
        same_digits = self._session.scalars(select(OrderRow).where(OrderRow.number_digits == key).limit(2)).all()
        return same_digits[0] if len(same_digits) == 1 else None

    def _order_to_change(self, order_number: str, operation: Operation, actor: str) -> OrderRow:
        """The order, if the actor and its state allow the operation. To write it is locked, with the gift cards."""
        row = self._order_row(order_number)
        if row is None or not may_act_for(actor, row.customer_id):
            raise Refused(RefusalCode.ORDER_NOT_FOUND)
        if self._is_writing:
            self._lock_order(row)
        if OrderStatus(row.status) not in self.policy.of(operation).states:
            raise Refused(_wrong_state(row.status, operation), order_number=row.order_number, status=row.status)
        return row

    def _lock_order(self, order: OrderRow) -> None:
        """Until the transaction ends nobody else changes it or the cards; both are read again as they are now.

        Whoever locks more than one thing does so in this order, and then the variants: two that wait for each other
        would wait for ever.
        """
        owned = PaymentMethodRow.customer_id == order.customer_id
        cards = select(PaymentMethodRow).where(owned, PaymentMethodRow.balance.is_not(None))
        self._session.execute(select(OrderRow.order_id).where(OrderRow.order_id == order.order_id).with_for_update())
        self._read_locked(cards.order_by(PaymentMethodRow.payment_method_id))
        self._session.scalars(_BY_NUMBER, {"key": order.number_key}, execution_options=_AS_IT_IS).unique().one()

    def _lock_stock(self, variant_ids: Iterable[str]) -> None:
        """Before a write looks at how many are left."""
        if self._is_writing:
            query = select(VariantRow).where(VariantRow.variant_id.in_(sorted(set(variant_ids))))
            self._read_locked(query.order_by(VariantRow.variant_id))

    def _read_locked(self, query: Select[Any]) -> None:
        self._session.scalars(query.with_for_update(), execution_options=_AS_IT_IS).all()

    def _set_status(self, order: OrderRow, status: OrderStatus) -> None:
        order.status = status.value
        order.status_history = [*order.status_history, {"status": status.value, "at": self._now().isoformat()}]


def _whole(query: Select[OrderRow]) -> Select[OrderRow]:
    return query.options(*(selectinload(part) for part in _PARTS))


def _wrong_state(status: str, operation: Operation) -> RefusalCode:
    if operation not in _PENDING_OPERATIONS:
        asked_already = status in (OrderStatus.RETURN_REQUESTED, OrderStatus.EXCHANGE_REQUESTED)
        return RefusalCode.ALREADY_MODIFIED if asked_already else RefusalCode.ORDER_NOT_DELIVERED
    changed_already = status == OrderStatus.PENDING_ITEM_MODIFIED
    return RefusalCode.ALREADY_MODIFIED if changed_already else RefusalCode.ORDER_NOT_PENDING
