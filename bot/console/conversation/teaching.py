"""Teaching the bot from a conversation: what a message meant, and which help article answers it. Both wait for somebody
to look at them (`kefu data review`)."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.console.conversation.why import Find
from bot.console.person import Person
from bot.conversation.corrections import NoSuchTurn, choose_article, correct
from bot.problem import Problem


@dataclass(frozen=True)
class Lesson:
    """What the message of the turn meant, or the article that answers it, or both."""

    turn: int
    intent: str | None = None
    article_id: str | None = None


@dataclass(frozen=True)
class School:
    """`intents`: those that can be taught; None takes every name. `is_kept`: the shop lets Kefu keep what customers
    write; else a lesson is noted, and there is no message for it to be learned with."""

    intents: Collection[str] | None
    article: Find
    is_kept: bool

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
        with _existing_turn():
            correct(connection, conversation_id, turn, intent, person.name)

    def _article(self, connection: Connection, conversation_id: str, turn: int, slug: str, person: Person) -> None:
        if self.article(slug, "en") is None and self.article(slug, "zh") is None:
            raise Problem(422, "Unknown article", f"There is no article '{slug}'.")
        with _existing_turn():
            choose_article(connection, conversation_id, turn, slug, person.name)


@contextmanager
def _existing_turn() -> Iterator[None]:
    try:
        yield
    except NoSuchTurn as error:
        raise Problem(404, "Not found", str(error)) from None
