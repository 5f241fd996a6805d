"""kill -9 `kefu serve` while customers cancel orders: each order is cancelled, refunded and told of exactly once."""

import asyncio
import os
import random
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import delete, select, text, update

from bot.database import Database, open_database, upgrade
from knowledge.shop.columns import utc_now
from knowledge.shop.demo.seeding import seed
from knowledge.shop.schema import AuditRow, CustomerRow, OrderRow, PaymentRow, ReturnRow, ShipmentRow
from tests.bot.killing import free_port, is_serving, say, start_server, zygote

KILLS = 24
CUSTOMERS_AT_ONCE = 3
LONGEST_LIFE_SECONDS = 0.6
A_TURN_SECONDS = 0.08
WORDS = (
    ("I want to cancel order {number}, my email is {email}, I no longer need it", "yes"),
    ("我要取消订单{number}，邮箱是{email}，不想要了", "是的"),
)


@dataclass
class Customers:
    """Each cancels an order with a yes, sending a message again until it is answered, and makes room for the next."""

    port: int
    orders: Iterator[tuple[str, str]]
    is_over: bool = False
    saying_yes: asyncio.Event = field(default_factory=asyncio.Event)
    heard: dict[str, list[str]] = field(default_factory=dict)
    """What was answered to each order's yes."""

    async def cancel_orders(self) -> None:
        for number, email in self.orders:
            if self.is_over:
                return
            request, consent = WORDS[int(number[-1]) % 2]
            await self.say(number, request.format(number=number, email=email), "1")
            self.saying_yes.set()
            self.heard[number] = await self.say(number, consent, "2")

    async def say(self, sender: str, words: str, message_id: str) -> list[str]:
        while (heard := await say(self.port, sender, words, message_id)) is None:
            await asyncio.sleep(0.01)
        return heard


async def test_a_killed_kefu_repeats_no_write_and_answers_what_it_had_accepted(tmp_path: Path) -> None:
    url, port = f"sqlite:///{tmp_path}/kefu.db", free_port()
    database = open_database(url)
    upgrade(database)
    customers = Customers(port, iter(pending_orders(database)))
    async with zygote("kefu", port, url) as process:
        load = [asyncio.create_task(customers.cancel_orders()) for _ in range(CUSTOMERS_AT_ONCE)]
        for kill in range(KILLS):
            server = await start_server(process)
            await a_moment(customers, is_in_a_write=kill % 2 == 0)
            os.kill(server, signal.SIGKILL)
        server = await start_server(process)
        customers.is_over = True
        await asyncio.wait_for(asyncio.gather(*load), 60)
        os.kill(server, signal.SIGKILL)
    assert len(customers.heard) >= KILLS / 2
    check(database, customers)
    database.close()


def pending_orders(database: Database) -> list[tuple[str, str]]:
    """Order numbers with their customers' e-mails, in a small demo shop that has not sent anything yet."""
    with database.transaction() as session:
        seed(session, seed=7, customers=40, now=utc_now())
        for row in (ShipmentRow, ReturnRow):
            session.execute(delete(row))
        session.execute(delete(PaymentRow).where(PaymentRow.kind == "refund"))
        session.execute(update(OrderRow).values(status="pending", delivered_at=None, cancel_reason=None))
        found = session.execute(select(OrderRow.order_number, CustomerRow.email).join(CustomerRow))
        return [(number, email) for number, email in found]


async def a_moment(customers: Customers, is_in_a_write: bool) -> None:
    """Half of the kills wait for a customer's yes, so that many hit the turn that writes; the others come any time."""
    await asyncio.wait_for(is_serving(customers.port), 60)
    if is_in_a_write:
        customers.saying_yes.clear()
        await asyncio.wait_for(customers.saying_yes.wait(), 30)
    await asyncio.sleep(random.uniform(0, A_TURN_SECONDS if is_in_a_write else LONGEST_LIFE_SECONDS))


def check(database: Database, customers: Customers) -> None:
    with database.read_session() as session:
        for number, heard in customers.heard.items():
            order = session.scalars(select(OrderRow).where(OrderRow.order_number == number)).one()
            refunds = [payment for payment in order.payments if payment.kind == "refund"]
            audited = session.scalars(select(AuditRow.operation).where(AuditRow.order_number == number)).all()
            assert (order.status, len(refunds), audited) == ("cancelled", 1, ["cancel_order"]), number
            assert number in heard[-1], "the customer has heard of it"
        said = session.execute(text("SELECT id, conversation_id, status, turn FROM inbox ORDER BY id")).all()
        turns = session.execute(text("SELECT conversation_id, turn FROM turns")).all()
        replies = session.execute(text("SELECT inbox_id, body FROM outbox")).all()
    assert {row.status for row in said} == {"done"}
    assert sorted(turns) == sorted((row.conversation_id, row.turn) for row in said), "one turn for each message"
    assert {row.inbox_id for row in replies} == {row.id for row in said}, "each has its answer"
    assert len(replies) == len(set(replies)), "and has it once"
