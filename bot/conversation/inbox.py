"""What people said, stored once by (conversation, account, message id) before it is acknowledged: from here, not lost.

A row is `accepted` until the turn that answers it commits (`done`), or until the turn has failed `MAX_ATTEMPTS` times
(`dead`): then the customer has an apology and the row keeps the error for the shop's people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
from sqlalchemy import Connection

from bot.conversation import attachments
from bot.conversation.schema import Owner
from bot.conversation.sql import Statement
from bot.messages import UserMessage

MAX_ATTEMPTS = 3

_CONVERSATION = Statement(
    "INSERT INTO conversations (id, channel, account, sender_id, created_at, updated_at, last_seq)"
    " VALUES (:conversation_id, :channel, :account, :sender_id, :now, :now, 1)"
    " ON CONFLICT (id) DO UPDATE SET last_seq = conversations.last_seq + 1 RETURNING last_seq"
)
_BEGIN = Statement(
    "INSERT INTO conversations (id, channel, account, sender_id, created_at, updated_at, last_seq)"
    " VALUES (:conversation_id, :channel, '', :sender_id, :now, :now, 0) ON CONFLICT (id) DO NOTHING"
)
_INSERT = Statement(
    "INSERT INTO inbox (channel, account, message_id, conversation_id, seq, text, metadata, received_at)"
    " VALUES (:channel, :account, :message_id, :conversation_id, :seq, :text, :metadata, :now)"
    " ON CONFLICT (conversation_id, account, message_id) DO NOTHING RETURNING id"
)
_GIVE_BACK = Statement("UPDATE conversations SET last_seq = last_seq - 1 WHERE id = :conversation_id")
_FIND = Statement(
    "SELECT id, conversation_id, seq, status FROM inbox"
    " WHERE conversation_id = :conversation_id AND account = :account AND message_id = :message_id"
)
_OLDEST = Statement(
    "SELECT i.id, i.message_id, i.text, i.metadata, i.received_at,"
    " c.channel, c.account, c.sender_id, c.owner, c.version, c.signed_as, c.signed_until"
    " FROM inbox i JOIN conversations c ON c.id = i.conversation_id"
    " WHERE i.conversation_id = :conversation_id AND i.status = 'accepted' ORDER BY i.id LIMIT 1"
)
_FINISH = Statement(
    "UPDATE inbox SET status = :status, turn = :turn WHERE id = :id AND status = 'accepted' RETURNING id"
)
_FAIL = Statement("UPDATE inbox SET attempts = attempts + 1, error = :error WHERE id = :id RETURNING attempts")
_UNFINISHED = Statement(
    "SELECT conversation_id FROM inbox WHERE status = 'accepted' AND received_at <= :before"
    " GROUP BY conversation_id ORDER BY MIN(id)"
)


@dataclass(frozen=True)
class Accepted:
    """A stored message. `is_new` is False when it had been stored before (a retry)."""

    inbox_id: int
    conversation_id: str
    seq: int
    is_done: bool = False
    is_new: bool = True


@dataclass(frozen=True)
class Waiting:
    """The oldest unanswered message of a conversation, with the state of its conversation as it stands."""

    inbox_id: int
    message: UserMessage
    owner: Owner
    version: int
    signed_as: str | None
    signed_until: float | None


def find(connection: Connection, message: UserMessage) -> Accepted | None:
    """The stored row of this message, if its id was seen before in this conversation and account."""
    key = {"conversation_id": message.conversation_id, "account": message.account, "message_id": message.message_id}
    if row := _FIND.first(connection, key):
        inbox_id, conversation_id, seq, status = row
        return Accepted(inbox_id, conversation_id, seq, is_done=status != "accepted", is_new=False)
    return None


def store(connection: Connection, message: UserMessage) -> Accepted:
    """Store and number the message; the caller commits. A repeated message id gives the first row."""
    now = message.received_at.timestamp()
    common = {
        "conversation_id": message.conversation_id,
        "channel": message.channel,
        "account": message.account,
        "now": now,
    }
    if known := find(connection, message):
        return known
    [seq] = _CONVERSATION.one(connection, {**common, "sender_id": message.sender_id})
    row = {
        **common,
        "message_id": message.message_id,
        "seq": seq,
        "text": message.text,
        "metadata": orjson.dumps(dict(message.metadata)).decode(),
    }
    if inserted := _INSERT.first(connection, row):
        attachments.announce(connection, message.conversation_id, inserted[0], message.attachments, now)
        return Accepted(inserted[0], message.conversation_id, seq)
    _GIVE_BACK.all(connection, common)  # another process stored it while this one waited for the conversation's row
    known = find(connection, message)
    assert known is not None, "what an insert ran into is there"
    return known


def begin(connection: Connection, channel: str, sender_id: str) -> str:
    """The conversation's id; it is there from now on, also before its first message."""
    conversation_id, now = f"{channel}:{sender_id}", datetime.now(UTC).timestamp()
    row = {"conversation_id": conversation_id, "channel": channel, "sender_id": sender_id, "now": now}
    _BEGIN.all(connection, row)
    return conversation_id


def oldest(connection: Connection, conversation_id: str) -> Waiting | None:
    row = _OLDEST.first(connection, {"conversation_id": conversation_id})
    if row is None:
        return None
    inbox_id, message_id, words, metadata, received_at, channel, account, sender_id, *state = row
    message = UserMessage(
        channel=channel,
        account=account,
        sender_id=sender_id,
        text=words,
        message_id=message_id,
        metadata=orjson.loads(metadata),
        received_at=datetime.fromtimestamp(received_at, UTC),
    )
    return Waiting(inbox_id, message, *state)


def finish(connection: Connection, inbox_id: int, turn: int, status: str = "done") -> bool:
    """Mark the message answered. False: another process did it first, and this turn must not commit."""
    return _FINISH.first(connection, {"id": inbox_id, "turn": turn, "status": status}) is not None


def record_failure(connection: Connection, inbox_id: int, error: str) -> int:
    """Count a failed attempt; returns how many there were."""
    return int(_FAIL.one(connection, {"id": inbox_id, "error": error})[0])


def unfinished(connection: Connection, before: float) -> Sequence[str]:
    """Conversations with unanswered messages received up to `before`, oldest first."""
    return [conversation_id for (conversation_id,) in _UNFINISHED.all(connection, {"before": before})]
