"""Taking a customer out of the shop's tables for good: account, orders and everything that hangs on them.

What stays is the audit, which holds no names, addresses or texts; its rows are no longer anybody's. Invoices that the
law wants kept belong in the shop's books, not here.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from knowledge.shop.schema import (
    AuditRow,
    CustomerRow,
    IdempotencyRow,
    LineRow,
    OrderRow,
    PaymentMethodRow,
    PaymentRow,
    ReturnRow,
    ShipmentRow,
    TicketRow,
)

OF_AN_ORDER = (LineRow, PaymentRow, ShipmentRow, ReturnRow)
OF_A_CUSTOMER = (OrderRow, PaymentMethodRow, TicketRow, CustomerRow)
IN_A_STATEMENT = 500


def erase_from_shop(session: Session, customer_id: str, erased_as: str) -> dict[str, int]:
    """Delete the customer's rows; returns how many, by table. `erased_as` stands in the audit from now on.

    Raises LookupError for an id that is nobody's. Does not commit.
    """
    if session.get(CustomerRow, customer_id) is None:
        raise LookupError(f"there is no customer {customer_id}")
    gone: dict[str, int] = {}
    orders = session.scalars(select(OrderRow.order_id).where(OrderRow.customer_id == customer_id)).all()
    for order_rows in OF_AN_ORDER:
        gone[order_rows.__tablename__] = _delete(session, order_rows, order_rows.order_id, orders)
    keys = session.scalars(select(AuditRow.key).where(AuditRow.customer_id == customer_id)).all()
    gone["idempotency_keys"] = _delete(session, IdempotencyRow, IdempotencyRow.key, keys)
    for rows in OF_A_CUSTOMER:
        gone[rows.__tablename__] = _delete(session, rows, rows.customer_id, [customer_id])
    _unname(session, customer_id, erased_as)
    session.expire_all()
    return {table: count for table, count in gone.items() if count}


def erase_talks_from_shop(session: Session, conversation_ids: Collection[str]) -> dict[str, int]:
    """Delete the tickets that were opened for nobody known in these conversations, and take the conversations' names,
    which may be a telephone number, out of the audit. Returns how many rows, by table. Does not commit."""
    ids, gone = sorted(conversation_ids), {"idempotency_keys": 0, "tickets": 0}
    for start in range(0, len(ids), IN_A_STATEMENT):
        some = ids[start : start + IN_A_STATEMENT]
        theirs = AuditRow.actor.in_([f"customer:unidentified:{conversation_id}" for conversation_id in some])
        keys = session.scalars(select(AuditRow.key).where(theirs)).all()
        gone["idempotency_keys"] += _delete(session, IdempotencyRow, IdempotencyRow.key, keys)
        opened = select(TicketRow.ticket_id).where(TicketRow.conversation_id.in_(some), TicketRow.customer_id.is_(None))
        gone["tickets"] += _delete(session, TicketRow, TicketRow.ticket_id, session.scalars(opened).all())
        session.execute(update(AuditRow).where(theirs).values(actor="customer:erased", details={}))
    return {table: count for table, count in gone.items() if count}


def _unname(session: Session, customer_id: str, erased_as: str) -> None:
    """The audit still says what was done and when, but not whose it was."""
    whose: dict[str, Any] = {"customer_id": erased_as, "order_number": None, "key": erased_as, "details": {}}
    by_themselves = AuditRow.actor == f"customer:{customer_id}"
    session.execute(update(AuditRow).where(by_themselves).values(actor="customer:erased"))
    session.execute(update(AuditRow).where(AuditRow.customer_id == customer_id).values(whose))


def _delete(session: Session, rows: Any, column: Any, values: Sequence[Any]) -> int:
    """A few hundred values a statement: databases count their parameters."""
    count = 0
    for start in range(0, len(values), IN_A_STATEMENT):
        some = values[start : start + IN_A_STATEMENT]
        count += session.execute(
            delete(rows).where(column.in_(some)).execution_options(synchronize_session=False)
        ).rowcount  # type: ignore[attr-defined]
    return count
