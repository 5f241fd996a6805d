"""What the bot answers: written in the transaction of the state that produced it, sent afterwards, never the other way.

Each row carries the epoch of its conversation's owner after that transaction. If the owner has changed before the row
is sent, it is refused: a bot must not talk into a conversation that a person has taken over. The closing line of a
handoff is written with the new epoch and so passes.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import orjson
from sqlalchemy import Connection

from bot.conversation import attachments
from bot.conversation.sql import Row, Statement
from bot.messages import Attachment, BotMessage, Button, Card
from bot.messages import Row as ListRow

_INSERT = Statement(
    "INSERT INTO outbox (conversation_id, seq, inbox_id, epoch, role, agent_id, body, created_at)"
    " VALUES (:conversation_id, :seq, :inbox_id, :epoch, :role, :agent_id, :body, :created_at) RETURNING id"
)
_REFUSE = Statement(
    "UPDATE outbox SET status = 'refused' WHERE conversation_id = :conversation_id AND status = 'pending'"
    " AND role = 'bot' AND epoch < (SELECT epoch FROM conversations WHERE id = :conversation_id)"
)
_REPLIES = Statement(
    "SELECT o.id, o.seq, o.role, '', o.body, o.created_at, o.status FROM outbox o"
    " JOIN conversations c ON c.id = o.conversation_id WHERE o.inbox_id = :inbox_id"
    " AND (o.status = 'delivered' OR (o.status = 'pending' AND (o.epoch = c.epoch OR o.role <> 'bot'))) ORDER BY o.seq"
)
_MISSED = Statement(
    "SELECT o.id, o.seq, o.role, '', o.body, o.created_at, o.status FROM outbox o"
    " JOIN conversations c ON c.id = o.conversation_id WHERE o.conversation_id = :conversation_id AND o.seq < :before"
    " AND o.seq > COALESCE((SELECT d.seq FROM outbox d WHERE d.conversation_id = :conversation_id AND d.seq < :before"
    " AND d.status = 'delivered' ORDER BY d.seq DESC LIMIT 1), 0)"
    " AND o.status = 'pending' AND (o.epoch = c.epoch OR o.role <> 'bot') AND o.created_at <= :settled ORDER BY o.seq"
)
_STREAM = Statement(
    "SELECT id, seq, 'user' AS role, message_id, text AS body, received_at AS at, 'delivered' AS status,"
    " NULL AS agent FROM inbox"
    " WHERE conversation_id = :conversation_id AND seq > :after"
    " UNION ALL SELECT o.id, o.seq, o.role, '', o.body, o.created_at, o.status,"
    " (SELECT a.name FROM agents a WHERE a.id = o.agent_id)"
    " FROM outbox o JOIN conversations c ON c.id = o.conversation_id"
    " WHERE o.conversation_id = :conversation_id AND o.seq > :after"
    " AND (o.status = 'delivered' OR (o.status = 'pending' AND (o.epoch = c.epoch OR o.role <> 'bot')))"
    " ORDER BY seq LIMIT :limit"
)
# Also of a row that was refused meanwhile: it was on its way, and what the customer has seen stays in the stream.
_DELIVERED = Statement(
    "UPDATE outbox SET status = 'delivered' WHERE id = :id AND status <> 'delivered' RETURNING conversation_id"
)

# A turn that runs meanwhile adds its own lines to the number it finds; what it decides does not depend on this one.
_BESIDE = Statement(
    "UPDATE conversations SET last_seq = last_seq + 1 WHERE id = :conversation_id AND owner = 'bot'"
    " RETURNING last_seq, epoch, language"
)

LARGEST_SEQ = 2**31 - 1
NOTED_WITHIN_SECONDS = 2.0
"""A row that was sent is marked so within this time, in the worst case."""
NOTED = "noted:"
"""Begins the wake-up (live.py) of a conversation of which lines were marked so; its own id would wake all who wait for
words."""


@dataclass(frozen=True)
class Line:
    """One message of a conversation's stream, a person's or the bot's. `outbox_id` is None for a customer's own."""

    seq: int
    role: str
    message: BotMessage
    time: float
    outbox_id: int | None = None
    message_id: str = ""
    is_delivered: bool = True
    agent: str | None = None
    """The name of the person who wrote it; known in a stream."""


@dataclass(frozen=True)
class Batch:
    """The messages of one transaction, to be numbered from `first_seq` and stamped with the owner's epoch."""

    conversation_id: str
    messages: Sequence[BotMessage]
    first_seq: int
    epoch: int
    inbox_id: int | None = None
    role: str = "bot"
    agent_id: str | None = None
    """Who says it, where a person does."""


def put(connection: Connection, batch: Batch, now: float) -> list[Line]:
    """Append the messages to the outbox; the caller commits."""
    lines = []
    for seq, message in enumerate(batch.messages, batch.first_seq):
        row = {
            "conversation_id": batch.conversation_id,
            "seq": seq,
            "inbox_id": batch.inbox_id,
            "epoch": batch.epoch,
            "role": batch.role,
            "agent_id": batch.agent_id,
            "body": orjson.dumps(encode(message)).decode(),
            "created_at": now,
        }
        [outbox_id] = _INSERT.one(connection, row)
        lines.append(Line(seq, batch.role, message, now, outbox_id, is_delivered=False))
    return lines


def say_beside(
    connection: Connection, conversation_id: str, inbox_id: int, told: Mapping[str, BotMessage], now: float
) -> None:
    """One line of the bot's about a message, in the conversation's language; none where a person has it."""
    if row := _BESIDE.first(connection, {"conversation_id": conversation_id}):
        seq, epoch, language = row
        put(connection, Batch(conversation_id, [told[language or "en"]], seq, epoch, inbox_id), now)


def replies(connection: Connection, inbox_id: int) -> list[Line]:
    """The answers to one message that may be sent, or were: what a repeated request gets again."""
    return [_line(row) for row in _REPLIES.all(connection, {"inbox_id": inbox_id})]


def missed(connection: Connection, conversation_id: str, lines: Sequence[Line], settled: float) -> list[Line]:
    """What nobody has been sent, between the last line that was and `lines` (none: up to now), written by `settled`.

    Once `lines` are sent, everything before them counts as sent too. Without a mark of their own, the missed ones come
    along again when the request for `lines` is repeated.
    """
    before = lines[0].seq if lines else LARGEST_SEQ
    wanted = {"conversation_id": conversation_id, "before": before, "settled": settled}
    return [replace(_line(row), is_delivered=bool(lines)) for row in _MISSED.all(connection, wanted)]


def stream(connection: Connection, conversation_id: str, after: int, limit: int = 200) -> list[Line]:
    """Both sides' messages numbered above `after`, in order, with their files; without what the epoch forbids."""
    wanted = {"conversation_id": conversation_id, "after": after, "limit": limit}
    lines = [_line(row) for row in _STREAM.all(connection, wanted)]
    if not any(line.role == "user" for line in lines):
        return lines
    files = attachments.said(connection, conversation_id, after)
    return [
        replace(one, message=replace(one.message, files=files[one.seq])) if one.seq in files else one for one in lines
    ]


def _line(row: Row) -> Line:
    outbox_id, seq, role, message_id, body, time, status, *agent = row
    if role == "user":
        return Line(seq, role, BotMessage(text=body), time, message_id=message_id)
    name = agent[0] if agent else None
    return Line(seq, role, decode(body), time, outbox_id, is_delivered=status == "delivered", agent=name)


class SentLines:
    """Outbox rows that have been sent and whose note of it waits for the next commit. Safe to use from many threads.

    Lost with the process, at worst a row counts as unsent: it is then sent again to a client that knows its seq.
    """

    def __init__(self) -> None:
        self._ids: list[int] = []
        self._noted: set[str] = set()
        self._mutex = threading.Lock()

    def __bool__(self) -> bool:
        return bool(self._ids)

    def add(self, outbox_ids: Iterable[int]) -> None:
        with self._mutex:
            self._ids.extend(outbox_ids)

    @contextmanager
    def storing(self, connection: Connection) -> Iterator[None]:
        """Store the notes; the block commits. If it fails they are kept for the next time."""
        with self._mutex:
            ids, self._ids = self._ids, []
        is_stored = False
        try:  # in one order: two processes that note the same rows must not deadlock
            noted = {str(row[0]) for each in sorted(ids) for row in _DELIVERED.all(connection, {"id": each})}
            yield
            is_stored = True
            with self._mutex:
                self._noted |= noted
        finally:
            if not is_stored:
                self.add(ids)

    def take_noted(self) -> set[str]:
        """The conversations whose lines have been noted as sent since this was asked last."""
        with self._mutex:
            noted, self._noted = self._noted, set()
        return noted


def refuse_outdated(connection: Connection, conversation_id: str) -> None:
    """Record as refused what the bot had not sent when the owner changed. Reads leave such rows out in any case."""
    _REFUSE.all(connection, {"conversation_id": conversation_id})


def encode(message: BotMessage) -> dict[str, object]:
    """The stored shape of a message: only the parts that it has."""
    parts: dict[str, object] = {
        "text": message.text,
        "buttons": [encode_button(button) for button in message.buttons],
        "cards": [encode_card(card) for card in message.cards],
        "image": message.image,
        "rows": [encode_row(row) for row in message.rows],
        "files": [encode_file(file) for file in message.files],
        "custom": dict(message.custom) if message.custom else None,
        "notice": message.notice,
    }
    return {name: part for name, part in parts.items() if part}


def encode_button(button: Button) -> dict[str, str]:
    return {"title": button.title, "payload": button.payload}


def encode_card(card: Card) -> dict[str, object]:
    return {
        "title": card.title,
        "subtitle": card.subtitle,
        "image": card.image,
        "price": card.price,
        "buttons": [encode_button(button) for button in card.buttons],
    }


def encode_row(row: ListRow) -> dict[str, str]:
    return {"title": row.title, "payload": row.payload, "description": row.description}


def encode_file(file: Attachment) -> dict[str, object]:
    return {
        "kind": file.kind,
        "reference": file.reference,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
    }


def decode(body: str) -> BotMessage:
    parts = orjson.loads(body)
    return BotMessage(
        text=parts.get("text"),
        buttons=tuple(Button(**button) for button in parts.get("buttons", ())),
        cards=tuple(
            Card(**{**card, "buttons": tuple(Button(**button) for button in card["buttons"])})
            for card in parts.get("cards", ())
        ),
        image=parts.get("image"),
        rows=tuple(ListRow(**row) for row in parts.get("rows", ())),
        files=tuple(Attachment(**file) for file in parts.get("files", ())),
        custom=parts.get("custom"),
        notice=parts.get("notice", ""),
    )
