"""Suggested replies: what the bot would have answered, or nothing."""

import time

import pytest

from bot.console.conversation.suggestions import Suggesting
from bot.database import Database
from knowledge.articles.facts import shop_facts
from knowledge.articles.index import ArticleIndex
from knowledge.shop.policy import load_policy
from tests.bot.console.conftest import Browser
from tests.bot.console.filled_queue import conversation

INDEX = ArticleIndex.load()
SUGGESTING = Suggesting(lambda: INDEX, lambda language: shop_facts(load_policy(), language))


@pytest.mark.parametrize(
    ("language", "said", "article"),
    [
        ("en", ["How many days do I have to return something?"], "returning-an-item"),
        ("en", ["How many days do I have to return something?", "I want a person", "thank you"], "returning-an-item"),
        ("zh", ["签收后多少天内可以退货？"], "returning-an-item"),
        ("en", ["thank you, finally"], None),
        ("zh", ["谢谢"], None),
        ("en", ["xyzzy"], None),
    ],
)
def test_what_fits_the_last_messages_is_suggested_and_nothing_else(
    database: Database, language: str, said: list[str], article: str | None
) -> None:
    with database.transaction() as session:
        conversation(session.connection(), "web:a", time.time(), said=said, language=language)
    with database.read() as connection:
        found = SUGGESTING.of(connection, "web:a", "zh" if language == "zh" else "en", {})
    assert [one["id"] for one in found["articles"]][:1] == ([article] if article else [])
    assert all("{" not in one["text"] for one in found["replies"])


def test_what_became_of_a_suggestion_is_kept(anna: Browser, database: Database) -> None:
    with database.transaction() as session:
        conversation(session.connection(), "web:a", time.time())
    vote = {"suggestion_id": "article-x-en", "source": "article", "text": "words", "verdict": "edited"}
    assert anna.post("/conversations/web:a/suggestions/feedback", vote).status_code == 204
    assert anna.post("/conversations/web:a/suggestions/feedback", {**vote, "verdict": "meh"}).status_code == 422
    assert anna.post("/conversations/web:nobody/suggestions/feedback", vote).status_code == 404
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT agent_id, verdict FROM suggestion_votes").all()
    assert [tuple(row) for row in rows] == [(anna.id, "edited")]
