"""A shop with forty customers who agreed to mails and a few who did not, and a real SMTP server that may refuse."""

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session

from knowledge.campaigns.audience import Criteria
from knowledge.campaigns.letter import Sender
from knowledge.campaigns.message import load_message
from knowledge.campaigns.permission import Cap, Fingerprints
from knowledge.campaigns.planning import Design, plan
from knowledge.campaigns.post import Server
from knowledge.campaigns.sending import Office
from knowledge.campaigns.unsubscribing import Links
from knowledge.shop.schema import Base, CouponRow, CustomerRow, LineRow, OrderRow, ProductRow, VariantRow
from knowledge.shop.shop import Shop

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
KEY = b"a key of the tests, long enough."
PRINTS = Fingerprints(KEY)
CUSTOMERS = 40
Transaction = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def transaction(tmp_path: Path) -> Iterator[Transaction]:
    """Transactions on a real database with the shop in it."""
    engine = create_engine(f"sqlite:///{tmp_path}/shop.db")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        fill(session)
        session.commit()

    @contextmanager
    def begin() -> Iterator[Session]:
        with Session(engine) as session, session.begin():
            yield session

    yield begin
    engine.dispose()


def fill(session: Session) -> None:
    for number in range(CUSTOMERS):
        locale = "zh" if number % 4 == 0 else "en"
        first, last = ("伟", "王") if locale == "zh" else ("Ann", "O'Neil <b>")
        add_customer(session, f"c{number:02}", locale=locale, first_name=first, last_name=last)
    add_customer(session, "no-consent", consent=False)
    for product, category, price in (("tea", "food", "9.90"), ("mug", "kitchen", "12.00"), ("pot", "kitchen", "30.00")):
        session.add(
            ProductRow(product_id=product, name_en=f"Fine {product}", name_zh=f"好{product}", category=category)
        )
        session.add(
            VariantRow(
                variant_id=f"{product}-1", product_id=product, position=0, options={}, price=Decimal(price), stock=9
            )
        )
    session.add(
        CouponRow(code="WELCOME10", percent_off=10, starts_at=NOW - timedelta(days=9), ends_at=NOW + timedelta(days=20))
    )
    session.flush()
    for number in range(0, CUSTOMERS, 2):
        add_order(session, f"c{number:02}", NOW - timedelta(days=30 + number))


def add_customer(session: Session, customer_id: str, *, consent: bool = True, **fields: Any) -> None:
    given = {"first_name": "Ann", "last_name": "Lee", "locale": "en", **fields}
    session.add(
        CustomerRow(
            customer_id=customer_id,
            email=f"{customer_id}@example.com",
            email_key=f"{customer_id}@example.com",
            newsletter_consent=consent,
            newsletter_consent_at=NOW - timedelta(days=100) if consent else None,
            **given,
        )
    )


def add_order(
    session: Session, customer_id: str, at: datetime, product: str = "tea", status: str = "delivered"
) -> None:
    number = f"{customer_id}-{at:%m%d%H%M}-{status}"
    line = LineRow(
        line_id=f"L{number}",
        position=1,
        product_id=product,
        variant_id=f"{product}-1",
        name_en=product,
        name_zh=product,
        options={},
        options_zh={},
        unit_price=Decimal("9.90"),
        quantity=2,
    )
    session.add(
        OrderRow(
            order_number=number,
            number_key=number,
            number_digits=number,
            customer_id=customer_id,
            status=status,
            placed_at=at,
            address={},
            lines=[line],
        )
    )
    session.flush()


@pytest.fixture
def office() -> Office:
    sender = Sender("Kefu Shop", "https://shop.example", {"en": "12 Harbor Street", "zh": "海港街12号"})
    mail_from = Address("Kefu Shop", addr_spec="news@shop.example")
    return Office(
        sender, mail_from, None, Links(KEY, "https://shop.example"), PRINTS, 100_000, lambda s: Shop(s, now=lambda: NOW)
    )


def planned(
    transaction: Transaction,
    name: str = "spring",
    message: str = "picked_for_you",
    control: float = 0.25,
    seed: int = 7,
    cap: Cap = Cap(),  # noqa: B008  (frozen)
    criteria: Criteria = Criteria(),  # noqa: B008
) -> None:
    with transaction() as session:
        plan(session, name, load_message(message), Design(criteria, cap, control, seed), PRINTS, NOW)


@dataclass
class MailServer:
    """A real SMTP server. `answer` decides on a recipient: None takes the mail, else the server's answer."""

    server: Server
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    answer: Callable[[str], str | None] = lambda _: None
    answer_data: Callable[[str], str | None] = lambda _: None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: ARG002
        if said := self.answer(address):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ARG002
        [recipient] = envelope.rcpt_tos
        if said := self.answer_data(recipient):
            return said
        self.taken.append((recipient, envelope.content))
        return "250 taken"

    @property
    def recipients(self) -> list[str]:
        return [recipient for recipient, _ in self.taken]

    def mail(self, number: int = 0) -> EmailMessage:
        return message_from_bytes(self.taken[number][1], policy=default)


@contextmanager
def mail_server(**options: Any) -> Iterator[MailServer]:
    handler = MailServer(Server("127.0.0.1", free_port(), "none"))
    controller = Controller(handler, hostname="127.0.0.1", port=handler.server.port, **options)
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server
