"""`kefu privacy erase`: nothing of the customer is left anywhere, everybody else stays as they were."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import LargeBinary, Table, Text, func, insert, select, update
from typer.testing import CliRunner

from bot.cli import build
from bot.conversation.schema import conversations, inbox, metadata, outbox, turns
from bot.database import Database, open_database, upgrade
from knowledge.campaigns.schema import CampaignRow, MemberRow
from knowledge.next_best_action.schema import DecisionRow
from knowledge.profiles.artefacts import Artefacts
from knowledge.profiles.pseudonyms import Pseudonyms, keep
from knowledge.profiles.schema import ProfileChangeRow, ProfileRow
from knowledge.shop.columns import utc_now
from knowledge.shop.demo.seeding import seed
from knowledge.shop.schema import CustomerRow, OrderRow
from knowledge.shop.service import UNDER_WAY
from knowledge.shop.shop import Shop
from tests.knowledge.profiles.test_artefacts import METADATA


@dataclass(frozen=True)
class Place:
    file: Path
    database: Database
    artefacts: Artefacts
    customer_id: str
    neighbour: str
    """Somebody who stays."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    file = tmp_path / "kefu.db"
    monkeypatch.setenv("KEFU_DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.setenv("KEFU_CRM_MODELS", str(tmp_path / "crm"))
    database = open_database(f"sqlite:///{file}")
    upgrade(database)
    with database.transaction() as session:
        seed(session, seed=7, customers=30, now=utc_now())
    with database.read_session() as session:
        busy = select(OrderRow.customer_id).where(OrderRow.status.in_(UNDER_WAY))
        calm = select(OrderRow.customer_id).where(OrderRow.customer_id.not_in(busy)).group_by(OrderRow.customer_id)
        customer_id, neighbour = session.scalars(calm.order_by(func.count().desc()).limit(2))
    yield Place(file, database, Artefacts(tmp_path / "crm"), customer_id, neighbour)
    database.close()


def leave_traces(place: Place, customer_id: str) -> None:
    """One row of everything that may be kept about a customer."""
    now = utc_now()
    with place.database.transaction() as session:
        subject = Pseudonyms.of_shop(session).of(customer_id)
        profile = {"version": "v1", "features": {}, "predictions": [], "computed_at": now}
        session.add(ProfileRow(customer_id=customer_id, **profile))
        session.add(ProfileChangeRow(customer_id=customer_id, at=now, before="new", after="loyal", version="v1"))
        if session.get(CampaignRow, "spring") is None:
            session.add(
                CampaignRow(campaign_id="spring", made_at=now, message={}, audience={}, seed=1, control_share=0.1)
            )
            session.flush()
        session.add(MemberRow(campaign_id="spring", customer_id=customer_id, arm="mail", state="waiting"))
        choice = {"policy": "uniform", "action": "offer", "propensity": 0.5, "propensities": {}, "features": {}}
        session.add(DecisionRow(at=now, subject=subject, because=[], **choice))
        shop = Shop(session)
        shop.set_newsletter_consent(customer_id, True, key=f"k-{customer_id}", actor=f"customer:{customer_id}")
        shop.open_ticket("complaint", "x", "y", key=f"t-{customer_id}", actor="agent:mia", customer_id=customer_id)
        connection, at = session.connection(), {"created_at": 1.0}
        name = f"rest:{customer_id[-4:]}"
        whose = {"channel": "rest", "account": "", "sender_id": name, "updated_at": 1.0}
        connection.execute(insert(conversations).values(id=name, customer_id=customer_id, **whose, **at))
        said = {"channel": "rest", "account": "", "message_id": "m", "seq": 1, "text": "hi", "metadata": "{}"}
        connection.execute(insert(inbox).values(conversation_id=name, received_at=1.0, **said))
        connection.execute(insert(turns).values(conversation_id=name, turn=1, events="[]", **at))
        answer = {
            "seq": 2,
            "inbox_id": connection.scalar(select(func.max(inbox.c.id))),
            "epoch": 0,
            "role": "bot",
            "body": "hello",
        }
        connection.execute(insert(outbox).values(conversation_id=name, **answer, **at))


def erase(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(build(), ["privacy", "erase", *arguments])
    return done.exit_code, done.output


def rows_holding(file: Path, words: str) -> dict[str, int]:
    """In how many rows of which tables the words stand, wherever in the row."""
    found: dict[str, int] = {}
    with closing(sqlite3.connect(file)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            count = sum(words in str(row) for row in connection.execute(f'SELECT * FROM "{table}"'))
            found |= {table: count} if count else {}
    return found


def test_nothing_of_the_customer_is_left_and_the_neighbour_is_whole(place: Place) -> None:
    for one in (place.customer_id, place.neighbour):
        leave_traces(place, one)
    with place.database.read_session() as session:
        email = session.get_one(CustomerRow, place.customer_id).email
        pseudonym = Pseudonyms.of_shop(session).of(place.customer_id)
        order = session.scalars(select(OrderRow).where(OrderRow.customer_id == place.customer_id)).first()
        assert order is not None
        number = order.order_number
    before = rows_holding(place.file, place.neighbour)
    assert len(rows_holding(place.file, place.customer_id)) >= 8
    code, told = erase(place.customer_id, "--yes")
    assert code == 0, told
    for words in (place.customer_id, email, pseudonym, number, place.customer_id[-4:] + "'"):
        assert rows_holding(place.file, words) == {}, words
    assert rows_holding(place.file, place.neighbour) == before
    for table in ("customers", "orders", "order lines", "customer profiles", "nba decisions", "turns", "tickets"):
        assert table in told
    with place.database.read_session() as session:
        assert Shop(session).customer(place.neighbour) is not None


NOT_OF_CUSTOMERS = {"agent_logins", "canned_replies", "console_sessions", "login_tries", "recovery_codes"} | {
    "console_audit",  # of who did what, which is only ever appended to
    "cursors",
    "instance",
}


def test_no_table_keeps_anything_of_somebody_who_wrote_mails(place: Place) -> None:
    """Nobody has proven who they are: the address alone names them. Every table has a row."""
    with place.database.read_session() as session:
        email = session.get_one(CustomerRow, place.customer_id).email
    theirs = f"email:{email.title()}"
    with place.database.transaction() as session:
        for table in metadata.sorted_tables:
            session.execute(insert(table).values(row_of(table, theirs)))
        session.execute(update(conversations).values(sender_id=email.title(), customer_id=None, signed_as=None))
    code, told = erase(place.customer_id, "--yes")
    assert code == 0, told
    assert rows_holding(place.file, theirs).keys() == NOT_OF_CUSTOMERS
    for name in ("attachments", "attachment_contents", "handoffs", "delivery_parts", "helpdesk_links", "ratings"):
        assert count(place, name) == 0, name


def row_of(table: Table, conversation_id: str) -> dict[str, object]:
    """A row that points at the first row of every other table, and otherwise holds the conversation's id."""
    row: dict[str, object] = {}
    for column in table.columns:
        referred = {key.column.table.name for key in column.foreign_keys}
        is_text = isinstance(column.type, Text)
        row[column.name] = (
            "agent"
            if referred == {"agents"} or (table.name, column.name) == ("agents", "id")
            else b"bytes"
            if isinstance(column.type, LargeBinary)
            else conversation_id
            if is_text and table.name != "agents"
            else "[]"
            if is_text
            else 1
        )
    return row


def count(place: Place, table: str) -> int:
    with place.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(metadata.tables[table])).scalar_one())


@pytest.mark.parametrize("known_by", ["events", "ticket"])
def test_a_conversation_in_which_they_were_known_once_goes_as_well(place: Place, known_by: str) -> None:
    """After signing out, or a restart, the row of the conversation names nobody."""
    events = [{"event": "slot", "name": "customer_id", "value": place.customer_id, "timestamp": 1.0}]
    with place.database.transaction() as session:
        connection, at = session.connection(), {"created_at": 1.0}
        for name, said in (("rest:theirs", events if known_by == "events" else []), ("rest:other", [])):
            row = {"id": name, "channel": "rest", "account": "", "sender_id": name, "updated_at": 1.0}
            connection.execute(insert(conversations).values(**row, **at))
            told = {"conversation_id": name, "turn": 1, "events": orjson.dumps(said).decode()}
            connection.execute(insert(turns).values(**told, **at))
        if known_by == "ticket":
            whose: dict[str, Any] = {"customer_id": place.customer_id, "conversation_id": "rest:theirs"}
            Shop(session).open_ticket("handoff", "x", "y", key="t", actor="agent:mia", **whose)
    assert erase(place.customer_id, "--yes")[0] == 0
    with place.database.read() as connection:
        assert list(connection.scalars(select(conversations.c.id))) == ["rest:other"]
        assert list(connection.scalars(select(turns.c.conversation_id))) == ["rest:other"]


def test_not_a_byte_of_the_address_stays_on_disk(place: Place) -> None:
    leave_traces(place, place.customer_id)
    with place.database.read_session() as session:
        email = session.get_one(CustomerRow, place.customer_id).email
    place.database.close()  # nobody reads meanwhile
    assert email.encode() in b"".join(file.read_bytes() for file in place.file.parent.glob("kefu.db*"))
    assert erase(place.customer_id, "--yes")[0] == 0
    for file in place.file.parent.glob("kefu.db*"):
        assert email.encode() not in file.read_bytes(), file


@pytest.mark.parametrize(
    ("said", "is_theirs"),
    [
        ("my e-mail is {0}.", True),
        ("邮箱是{0}谢谢", True),
        ("jo.{0}", False),
        ("{0}.au", False),
        ("who is {1}?", False),
    ],
)
def test_who_only_wrote_the_address_is_forgotten_and_who_wrote_a_longer_one_is_not(
    place: Place, said: str, is_theirs: bool
) -> None:
    """Nobody has to prove who they are to be forgotten; but an address that only looks alike is somebody else's."""
    with place.database.transaction() as session:
        email = session.get_one(CustomerRow, place.customer_id).email
        connection, text = session.connection(), said.format(email.upper(), email.partition("@")[0])
        row = {"id": "rest:a", "channel": "rest", "account": "", "sender_id": "a", "created_at": 1.0, "updated_at": 1.0}
        connection.execute(insert(conversations).values(**row))
        message = {"channel": "rest", "account": "", "message_id": "m", "seq": 1, "text": text, "metadata": "{}"}
        connection.execute(insert(inbox).values(conversation_id="rest:a", received_at=1.0, **message))
    assert erase(place.customer_id, "--yes")[0] == 0
    with place.database.read() as connection:
        assert list(connection.scalars(select(conversations.c.id))) == ([] if is_theirs else ["rest:a"])


def talks(place: Place, conversation_id: str, said: str = "hi", customer_id: str | None = None) -> None:
    """A conversation with a message, and a ticket that was opened for whoever they are."""
    channel, _, sender_id = conversation_id.partition(":")
    who = {"channel": channel, "account": "", "sender_id": sender_id, "customer_id": customer_id}
    with place.database.transaction() as session:
        connection = session.connection()
        connection.execute(insert(conversations).values(id=conversation_id, **who, created_at=1.0, updated_at=1.0))
        message = {"channel": channel, "account": "", "message_id": conversation_id, "seq": 1, "metadata": "{}"}
        theirs = {"conversation_id": conversation_id, "text": said, "received_at": 1.0}
        connection.execute(insert(inbox).values(**message, **theirs))
        Shop(session).open_ticket(
            "handoff",
            "x",
            said,
            key=f"rescue:{conversation_id[:3]}",
            actor=f"customer:unidentified:{conversation_id}",
            conversation_id=conversation_id,
        )


def left(place: Place) -> list[str]:
    with place.database.read() as connection:
        return sorted(connection.scalars(select(conversations.c.id)))


@pytest.fixture
def has_number(place: Place) -> None:
    with place.database.transaction() as session:
        session.get_one(CustomerRow, place.customer_id).phone = "(503) 555-0142"


@pytest.mark.usefixtures("has_number")
@pytest.mark.parametrize(
    ("conversation_id", "said", "how"),
    [
        ("whatsapp:15035550142", "hi", "on whatsapp, from their telephone number"),
        ("twilio:+15035550142", "hi", "on twilio, from their telephone number"),
        ("twilio:whatsapp:+15035550142", "hi", "on twilio, from their telephone number"),
        ("telegram:4711", "call me: 503-555-0142", "on telegram, where their telephone number was written"),
        ("wechat:oABC", "我的电话是+15035550142谢谢", "on wechat, where their telephone number was written"),
        ("web:a", "it is 1-503-555-0142, after five", "on web, where their telephone number was written"),
        ("whatsapp:15035550143", "hi", ""),
        ("telegram:15035550142", "hi", ""),  # an account's number there, which is nobody's telephone
        ("web:b", "order 5035550142345", ""),
        ("web:c", "5 parcels, 03 of 5550142", ""),
    ],
)
def test_who_is_known_by_their_telephone_alone_is_forgotten(
    place: Place, conversation_id: str, said: str, how: str
) -> None:
    talks(place, conversation_id, said)
    talks(place, "whatsapp:8613800000000", "somebody else")
    code, told = erase(place.customer_id, "--yes")
    assert (code, how in told) == (0, True), told
    assert left(place) == sorted({"whatsapp:8613800000000", *([] if how else [conversation_id])})
    assert bool(rows_holding(place.file, conversation_id)) == (not how), "no ticket, no line of the audit"


@pytest.mark.usefixtures("has_number")
def test_a_number_that_is_another_customers_now_takes_nothing_from_them(place: Place) -> None:
    talks(place, "whatsapp:15035550142", customer_id=place.neighbour)
    talks(place, "web:a", "my number is 503 555 0142", customer_id=place.neighbour)
    assert erase(place.customer_id, "--yes")[0] == 0
    assert left(place) == ["web:a", "whatsapp:15035550142"]


def test_who_never_had_an_account_is_erased_by_address_or_number(place: Place) -> None:
    for name in ("email:jo@mail.example", "sms:+4915112345678", "whatsapp:4915112345678", "email:ann@mail.example"):
        talks(place, name)
    talks(place, "web:a", "I am jo@mail.example")
    before = rows_holding(place.file, place.neighbour)
    code, told = erase("Jo@mail.example", "--yes")
    assert (code, "on email, from their e-mail address" in told) == (0, True), told
    assert left(place) == ["email:ann@mail.example", "sms:+4915112345678", "whatsapp:4915112345678"]
    assert erase("+49 151 12345678", "--yes")[0] == 0
    assert left(place) == ["email:ann@mail.example"]
    assert rows_holding(place.file, place.neighbour) == before


def test_the_address_or_number_of_a_customer_names_the_customer(place: Place) -> None:
    with place.database.read_session() as session:
        row = session.get_one(CustomerRow, place.customer_id)
        assert row.phone
        for name in (row.email, row.phone):
            code, told = erase(name, "--yes")
            assert (code, f"kefu privacy erase {place.customer_id}" in told) == (1, True), told
    for nobody in ("+1", "+000000000", "+49", "5035550142"):
        assert erase(nobody, "--yes") == (1, f"There is no customer {nobody}.\n")


def test_it_names_the_models_that_learned_from_the_customer(place: Place) -> None:
    with place.database.transaction() as session:
        pseudonyms = Pseudonyms.of_shop(session)
    both, other = ([place.customer_id, place.neighbour], [place.neighbour])
    with_them = place.artefacts.add(lambda folder: keep(folder, pseudonyms.all_of(both)), METADATA)
    without = place.artefacts.add(lambda folder: keep(folder, pseudonyms.all_of(other)), METADATA)
    _, told = erase(place.customer_id, "--yes")
    assert with_them in told
    assert without not in told


def test_nobody_and_somebody_with_orders_under_way_are_refused(place: Place) -> None:
    assert erase("nobody", "--yes") == (1, "There is no customer nobody.\n")
    with place.database.read_session() as session:
        busy = str(session.scalars(select(OrderRow.customer_id).where(OrderRow.status.in_(UNDER_WAY))).first())
    code, told = erase(busy, "--yes")
    assert (code, "--anyway" in told) == (1, True)
    assert erase(busy, "--yes", "--anyway")[0] == 0


def test_it_asks_first(place: Place) -> None:
    done = CliRunner().invoke(build(), ["privacy", "erase", place.customer_id], input="n\n")
    assert done.exit_code == 1
    with place.database.read_session() as session:
        assert Shop(session).customer(place.customer_id) is not None


def test_somebody_whom_only_a_file_named_is_erased_too(place: Place) -> None:
    with place.database.transaction() as session:
        session.add(
            ProfileRow(
                customer_id="h42", computed_at=utc_now(), version="v", segment="new", features={}, predictions=[]
            )
        )
    done = CliRunner().invoke(build(), ["privacy", "erase", "h42", "--yes"])
    assert done.exit_code == 0, done.output
    with place.database.read_session() as session:
        assert session.get(ProfileRow, "h42") is None
        assert session.get(CustomerRow, place.neighbour) is not None
    assert CliRunner().invoke(build(), ["privacy", "erase", "h42", "--yes"]).exit_code == 1
