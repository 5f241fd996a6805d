"""What a dialogue expects against what happened. Every function returns complaints; none means that all is well."""

import re
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.shop.schema import AuditRow, TicketRow
from knowledge.shop.shop import Shop
from knowledge.shop.types import Customer, Order, ReturnRequest
from tests.conversations.conversation import Conversation
from tests.conversations.dialogue import CustomerFacts, OrderFacts, ShopFacts, TicketFacts, Turn


def wrong_answer(turn: Turn, answer: str) -> Iterator[str]:
    if not turn.bot and answer:
        yield "the bot should have said nothing"
    for expected in turn.bot:
        if not _holds(answer, expected):
            yield f"missing: {expected}"
    for unwanted in turn.never:
        if _holds(answer, unwanted):
            yield f"should not be there: {unwanted}"


def wrong_state(turn: Turn, conversation: Conversation) -> Iterator[str]:
    if turn.slots:
        slots = conversation.slots()
        for name, value in turn.slots.items():
            yield from _unlike(f"slot {name}", value, slots.get(name))
    if turn.form is not None:
        yield from _unlike("form", turn.form, conversation.form() or "none")
    yield from _unlike("owner", turn.owner, conversation.owner())


def wrong_shop(expected: ShopFacts, session: Session) -> Iterator[str]:
    shop = Shop(session)
    for number, facts in expected.orders.items():
        order = shop.order(number)
        yield from wrong_order(facts, order) if order else [f"there is no order {number}"]
    for key, about in expected.customers.items():
        customer = shop.find_customer_by_email(key) if "@" in key else shop.customer(key)
        yield from wrong_customer(about, customer) if customer else [f"there is no customer {key}"]
    yield from wrong_tickets(expected.tickets, list(session.scalars(select(TicketRow).order_by(TicketRow.ticket_id))))
    writes = list(session.scalars(select(AuditRow.operation).order_by(AuditRow.audit_id)))
    yield from _unlike("writes", expected.writes, writes)


def wrong_order(facts: OrderFacts, order: Order) -> Iterator[str]:
    lines = [_counted(line.variant_id, line.quantity) for line in order.lines]
    payments = [f"{payment.kind} {payment.amount} {payment.payment_method_id}" for payment in order.payments]
    found = {
        "status": order.status.value,
        "cancel_reason": order.cancel_reason,
        "lines": lines,
        "payments": payments,
        "returns": [_returned(order, one) for one in order.returns],
    }
    for name, value in facts.model_dump(exclude_unset=True, exclude={"address"}).items():
        yield from _unlike(f"{order.order_number} {name}", value, found[name])
    yield from _absent(f"{order.order_number} address", facts.address, str(order.address))


def wrong_customer(facts: CustomerFacts, customer: Customer) -> Iterator[str]:
    balances = [str(method.balance) for method in customer.payment_methods if method.is_gift_card]
    found = {
        "name": customer.full_name,
        "email": customer.email,
        "phone": customer.phone,
        "newsletter": customer.newsletter_consent,
        "gift_card": balances[0] if balances else None,
    }
    for name, value in facts.model_dump(exclude_unset=True, exclude={"address"}).items():
        yield from _unlike(f"{customer.customer_id} {name}", value, found[name])
    yield from _absent(f"{customer.customer_id} address", facts.address, str(customer.address))


def wrong_tickets(expected: Sequence[TicketFacts], found: Sequence[TicketRow]) -> Iterator[str]:
    yield from _unlike("tickets", [facts.kind for facts in expected], [ticket.kind for ticket in found])
    for facts, ticket in zip(expected, found, strict=False):
        if facts.order:
            yield from _unlike(f"{ticket.kind} ticket's order", facts.order, ticket.order_number)
        if facts.customer:
            yield from _unlike(f"{ticket.kind} ticket's customer", facts.customer, ticket.customer_id)
        text = f"{ticket.subject}\n{ticket.summary}\n{ticket.details}"
        yield from _absent(f"{ticket.kind} ticket", facts.says, text)


def _returned(order: Order, request: ReturnRequest) -> str:
    lines = [order.line(line_id) for line_id in request.line_ids]
    names = [line.variant_id for line in lines if line]
    if request.kind == "exchange":
        names = [f"{old} > {new}" for old, new in zip(names, request.new_variant_ids, strict=True)]
    return f"{request.kind} {request.amount} {request.payment_method_id}: {', '.join(names)}"


def _counted(variant_id: str, quantity: int) -> str:
    return variant_id if quantity == 1 else f"{variant_id} {quantity}"


def _holds(text: str, expected: str) -> bool:
    if len(expected) > 2 and expected.startswith("/") and expected.endswith("/"):
        return re.search(expected[1:-1], text, re.IGNORECASE | re.DOTALL) is not None
    return expected.casefold() in text.casefold()


def _absent(what: str, expected: Sequence[str] | None, text: str) -> Iterator[str]:
    for part in expected or ():
        if not _holds(text, part):
            yield f"{what}: should hold {part!r}, is {text}"


def _unlike(what: str, expected: object, found: object) -> Iterator[str]:
    if expected != found:
        yield f"{what}: should be {expected!r}, is {found!r}"
