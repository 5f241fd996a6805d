"""When the question is put: once a stretch, never twice in a day, and never where the setting says no."""

from typing import Literal

from sqlalchemy import Connection

from bot.conversation import ratings
from bot.messages import BotMessage
from bot.rating.words import question

Asked = Literal["off", "person", "all"]
PAUSE_SECONDS = 24 * 3600.0


def ask_about_person(
    connection: Connection,
    conversation_id: str,
    handoff_id: int,
    turn: int,
    language: str,
    name: str | None,
    now: float,
    asked: Asked = "all",
) -> BotMessage | None:
    """The question to send after a person's stretch, noted in the caller's transaction; None where none is due.

    `turn` is how far the conversation has come (`conversations.turns`), `name` what the customer calls the person.
    """
    if asked == "off" or not is_due(connection, conversation_id, now):
        return None
    ratings.ask(connection, conversation_id, handoff_id, turn, now)
    return question("zh" if language == "zh" else "en", name, is_of_person=True)


def is_due(connection: Connection, conversation_id: str, now: float) -> bool:
    last = ratings.latest(connection, conversation_id)
    return last is None or now - last.asked_at >= PAUSE_SECONDS
