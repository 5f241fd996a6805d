"""What agents see of a mail beside its words."""

import time

import orjson
from sqlalchemy import update

from bot.conversation.schema import inbox
from bot.database import Database
from tests.bot.console.conftest import Browser
from tests.bot.console.filled_queue import conversation

MARKS = {"subject": "Order <b>K1</b>", "original": "Where is it?\n> On Monday you wrote", "message_id": "<1@x>"}


def test_a_mail_comes_with_its_subject_and_as_it_was_written(anna: Browser, database: Database) -> None:
    with database.transaction() as session:
        conversation(session.connection(), "email:joe@x.example", time.time(), said=["Where is it?", "Hello?"])
        marks = orjson.dumps(MARKS).decode()
        session.execute(update(inbox).where(inbox.c.seq == 1).values(metadata=marks))
    lines = anna.get("/conversations/email:joe@x.example").json()["lines"]
    mail, plain = (line for line in lines if line["kind"] == "customer")
    assert (mail["text"], mail["subject"], mail["original"]) == ("Where is it?", MARKS["subject"], MARKS["original"])
    assert (plain["subject"], plain["original"]) == (None, None)
