"""What agents write about a conversation among themselves: private notes, and tags. Customers never see them."""

from collections.abc import Iterable

from sqlalchemy import Connection

from bot.console.person import Person
from bot.conversation.sql import Statement
from bot.problem import Problem

LONGEST_NOTE = 4000
LONGEST_TAG = 40
MOST_TAGS = 20

_EXISTS = Statement("SELECT 1 FROM conversations WHERE id = :id")
_ADD = Statement(
    "INSERT INTO notes (conversation_id, agent_id, text, created_at) VALUES (:id, :agent_id, :text, :now) RETURNING id"
)
_AUTHOR = Statement("SELECT agent_id FROM notes WHERE id = :note AND conversation_id = :id")
_REMOVE = Statement("DELETE FROM notes WHERE id = :note AND conversation_id = :id")
_UNTAG = Statement("DELETE FROM tags WHERE conversation_id = :id")
_TAG = Statement("INSERT INTO tags (conversation_id, tag) VALUES (:id, :tag)")


def add(connection: Connection, conversation_id: str, person: Person, words: str, now: float) -> int:
    """The caller commits, here and below. Raises Problem 404 or 422."""
    known(connection, conversation_id)
    said = words.strip()
    if not 1 <= len(said) <= LONGEST_NOTE:
        raise Problem(422, "Unprocessable request", f"A note has 1 to {LONGEST_NOTE} characters.")
    row = {"id": conversation_id, "agent_id": person.id, "text": said, "now": now}
    return int(_ADD.one(connection, row)[0])


def remove(connection: Connection, conversation_id: str, note: int, person: Person) -> None:
    """One's own; supervisors may remove anybody's. Raises Problem 403 or 404."""
    row = _AUTHOR.first(connection, {"id": conversation_id, "note": note})
    if row is None:
        raise Problem(404, "Not found", f"There is no note {note} in {conversation_id}.")
    if row[0] != person.id and not person.is_at_least("supervisor"):
        raise Problem(403, "Not allowed", "The note is a colleague's; ask them, or a supervisor.")
    _REMOVE.all(connection, {"id": conversation_id, "note": note})


def tag(connection: Connection, conversation_id: str, tags: Iterable[str]) -> list[str]:
    """The conversation has these tags and no others; returns them. Raises Problem 404 or 422."""
    known(connection, conversation_id)
    wanted = sorted({" ".join(one.split()).lower() for one in tags} - {""})
    if len(wanted) > MOST_TAGS or any(len(one) > LONGEST_TAG or not one.isprintable() for one in wanted):
        limits = f"A conversation has at most {MOST_TAGS} tags of up to {LONGEST_TAG} characters."
        raise Problem(422, "Unprocessable request", limits)
    _UNTAG.all(connection, {"id": conversation_id})
    for one in wanted:
        _TAG.all(connection, {"id": conversation_id, "tag": one})
    return wanted


def known(connection: Connection, conversation_id: str) -> None:
    """Raises Problem 404 for a conversation that nobody began."""
    if _EXISTS.first(connection, {"id": conversation_id}) is None:
        raise Problem(404, "Not found", f"There is no conversation {conversation_id}.")
