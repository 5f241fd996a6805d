"""Erasing a customer takes what agents wrote about them along."""

import time
from uuid import uuid4

from bot.console.schema import article_choices, attention, notes, said_keys, seen_lines, suggestion_votes, tags
from bot.conversation.forgetting import forget_conversations
from bot.database import Database
from tests.bot.console.conftest import Browser
from tests.bot.console.filled_queue import conversation

HERE = "/conversations/web:a"
TABLES = (notes, tags, seen_lines, said_keys, suggestion_votes, article_choices, attention)


def test_nothing_that_was_noted_of_a_customer_stays(anna: Browser, database: Database) -> None:
    now = time.time()
    with database.transaction() as session:
        for name, customer in (("web:a", "c_1"), ("web:b", "c_2")):
            conversation(session.connection(), name, now, customer_id=customer)
    for path in (HERE, "/conversations/web:b"):
        anna.post(f"{path}/notes", {"text": "She is upset."})
        anna.post(f"{path}/seen", {"seq": 1})
        anna.post(f"{path}/say", {"epoch": 1, "text": "hello", "key": uuid4().hex})
        vote = {"suggestion_id": "x", "source": "bot", "text": "words", "verdict": "up"}
        anna.post(f"{path}/suggestions/feedback", vote)
    with database.transaction() as session:
        connection = session.connection()
        for name in ("web:a", "web:b"):
            choice = {"conversation_id": name, "turn": 1, "article_id": "x", "chosen_by": "Anna", "created_at": now}
            connection.execute(article_choices.insert().values(choice))
            seen = {"conversation_id": name, "who": "customer", "looking_until": now, "typing_until": now}
            connection.execute(attention.insert().values(seen))
    with database.transaction() as session:
        forget_conversations(session.connection(), ["web:a"])
    with database.read() as connection:
        for table in TABLES:
            left = [row.conversation_id for row in connection.execute(table.select())]
            assert set(left) == {"web:b"}, table.name
