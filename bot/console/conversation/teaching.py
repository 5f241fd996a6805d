"""Teaching the bot from a conversation: what a message meant, and which help article answers it. Both wait for somebody
to look at them (`kefu data review`)."""

import time
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.console.conversation.why import Find
from bot.console.person import Person
from bot.conversation import tracker_store
from bot.conversation.corrections import NoSuchTurn, correct
from bot.conversation.sql import Statement
from bot.problem import Problem

_CHOOSE = Statement(
    "INSERT INTO article_choices (conversation_id, turn, article_id, chosen_by, created_at)"
    " VALUES (:id, :turn, :article_id, :by, :now) ON CONFLICT (conversation_id, turn)"
    " DO UPDATE SET article_id = :article_id, chosen_by = :by, created_at = :now"
)


@dataclass(frozen=True)
class Lesson:
    """What the message of the turn meant, or the article that answers it, or both."""

    turn: int
    intent: str | None = None
    article_id: str | None = None


@dataclass(frozen=True)
class School:
    """`intents`: those that can be taught; None takes every name."""

    intents: Collection[str] | None
    article: Find

    def teach(self, connection: Connection, conversation_id: str, lesson: Lesson, person: Person) -> None:
        """The last word counts. The caller commits. Raises Problem 404 or 422."""
        if lesson.intent is None and lesson.article_id is None:
            raise Problem(422, "Unprocessable request", "Name an intent or an article.")
        if lesson.intent is not None:
            self._intent(connection, conversation_id, lesson.turn, lesson.intent, person)
        if lesson.article_id is not None:
            self._article(connection, conversation_id, lesson.turn, lesson.article_id, person)

    def _intent(self, connection: Connection, conversation_id: str, turn: int, intent: str, person: Person) -> None:
        if self.intents is not None and intent not in self.intents:
            raise Problem(422, "Unknown intent", f"'{intent}' is no intent of the assistant.")
        try:
            correct(connection, conversation_id, turn, intent, person.name)
        except NoSuchTurn as error:
            raise Problem(404, "Not found", str(error)) from None

    def _article(self, connection: Connection, conversation_id: str, turn: int, slug: str, person: Person) -> None:
        if self.article(slug, "en") is None and self.article(slug, "zh") is None:
            raise Problem(422, "Unknown article", f"There is no article '{slug}'.")
        if tracker_store.decision(connection, conversation_id, turn) is None:
            raise Problem(
                404, "Not found", f"No decision of turn {turn} in conversation '{conversation_id}' is stored."
            )
        row = {"id": conversation_id, "turn": turn, "article_id": slug, "by": person.name, "now": time.time()}
        _CHOOSE.all(connection, row)
