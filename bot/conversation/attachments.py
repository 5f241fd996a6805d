"""Files that came with messages, and files that go out with answers.

    pending ──fetched──► stored        the bytes are in `attachment_contents`
       │ ├────────────► too_large, refused (of a kind that is not taken), failed (the platform did not give it)
       └──not now────►  tried again    └──after the retention time──► expired

The bytes are in the database, not in a folder: they are stored in the transaction that says so, every process sees
them, one backup holds all, and erasing a customer leaves nothing behind. Files of customer service are photos and
receipts, not archives; the limit keeps them so.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import Connection

from bot.conversation.sql import Statement
from bot.messages import Attachment

Status = Literal["pending", "stored", "too_large", "refused", "failed", "expired"]
Kind = Literal["image", "audio", "video", "file"]

STORED = "kefu:"
"""Begins the reference of an attachment that Kefu has: `kefu:12`."""
CLAIM_SECONDS = 120.0
"""Longer than the longest fetch."""
UNSENT_SECONDS = 86_400.0
"""So long an upload waits for the message that it belongs to."""
LONGEST_NAME = 200

_COLUMNS = "id, conversation_id, inbox_id, role, kind, name, media_type, size, sha256, status, why"
_ADD = Statement(
    "INSERT INTO attachments (conversation_id, inbox_id, role, kind, reference, name, media_type, size, sha256, status,"
    " due_at, created_at) VALUES (:conversation_id, :inbox_id, :role, :kind, :reference, :name, :media_type, :size,"
    " :sha256, :status, :now, :now) RETURNING id"
)
_CONTENT = Statement("INSERT INTO attachment_contents (attachment_id, content) VALUES (:id, :content)")
_BELONGS = Statement(
    "UPDATE attachments SET inbox_id = :inbox_id"
    " WHERE id = :id AND conversation_id = :conversation_id AND inbox_id IS NULL AND role = 'user'"
)
_DUE = Statement(
    "SELECT a.id, c.channel FROM attachments a JOIN conversations c ON c.id = a.conversation_id"
    " WHERE a.status = 'pending' AND a.due_at <= :now ORDER BY a.due_at LIMIT :most"
)
_CLAIM = Statement(
    "UPDATE attachments SET tries = tries + 1, due_at = :until WHERE id = :id AND status = 'pending' AND due_at <= :now"
    " RETURNING conversation_id, inbox_id, kind, reference, name, media_type, size, tries"
)
_STORE = Statement(
    "UPDATE attachments SET status = 'stored', media_type = :media_type, kind = :kind, name = :name, size = :size,"
    " sha256 = :sha256, why = NULL WHERE id = :id AND status = 'pending' RETURNING id"
)
_END = Statement(
    "UPDATE attachments SET status = :status, why = :why WHERE id = :id AND status = 'pending' RETURNING id"
)
_LATER = Statement("UPDATE attachments SET due_at = :due_at, why = :why WHERE id = :id AND status = 'pending'")
_OF_CONVERSATION = Statement(f"SELECT {_COLUMNS} FROM attachments WHERE conversation_id = :conversation_id ORDER BY id")
_OF_INBOX = Statement(f"SELECT {_COLUMNS} FROM attachments WHERE inbox_id = :inbox_id ORDER BY id")
_SAID = Statement(
    "SELECT i.seq, a.id, a.conversation_id, a.inbox_id, a.role, a.kind, a.name, a.media_type, a.size, a.sha256,"
    " a.status, a.why FROM attachments a JOIN inbox i ON i.id = a.inbox_id"
    " WHERE a.conversation_id = :conversation_id AND a.status = 'stored' AND i.seq > :after ORDER BY a.id"
)
_ONE = Statement(f"SELECT {_COLUMNS} FROM attachments WHERE id = :id")
_BYTES = Statement("SELECT content FROM attachment_contents WHERE attachment_id = :id")
_UPLOADED = Statement(
    "SELECT COUNT(*), COALESCE(SUM(size), 0) FROM attachments"
    " WHERE conversation_id = :conversation_id AND role = 'user' AND created_at > :since"
)
_DROP_UNSENT = Statement("DELETE FROM attachments WHERE inbox_id IS NULL AND role = 'user' AND created_at < :before")
_DROP_OLD = Statement(
    "DELETE FROM attachment_contents WHERE attachment_id IN"
    " (SELECT id FROM attachments WHERE status = 'stored' AND created_at < :before)"
)
_EXPIRE = Statement("UPDATE attachments SET status = 'expired' WHERE status = 'stored' AND created_at < :before")


@dataclass(frozen=True)
class Kept:
    """What is known of an attachment, without its bytes. `why`: the reason that there are none."""

    id: int
    conversation_id: str
    inbox_id: int | None
    role: str
    kind: Kind
    name: str
    media_type: str
    size: int | None
    sha256: str | None
    status: Status
    why: str | None

    @property
    def attachment(self) -> Attachment:
        """As part of a BotMessage's `files`."""
        return Attachment(self.kind, f"{STORED}{self.id}", self.name, self.media_type, self.size)


@dataclass(frozen=True)
class Opened:
    """An attachment with its bytes. The type is what the bytes are, whatever the sender called them."""

    kept: Kept
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Claimed:
    """An attachment that this process, and no other, fetches now."""

    id: int
    conversation_id: str
    inbox_id: int
    attachment: Attachment
    tries: int


@dataclass(frozen=True)
class File:
    """Bytes that have been looked at: `media_type` and `kind` are what they are."""

    name: str
    media_type: str
    kind: Kind
    content: bytes = field(repr=False)


def stored_id(reference: str) -> int | None:
    """The id in the reference of a stored attachment; None for one that is elsewhere."""
    number = reference.removeprefix(STORED)
    return int(number) if reference.startswith(STORED) and number.isdecimal() and len(number) < 18 else None


def announce(
    connection: Connection, conversation_id: str, inbox_id: int, attachments: Iterable[Attachment], now: float
) -> None:
    """Note what came with a message: an upload belongs to it from now on, anything else is to be fetched."""
    for one in attachments:
        if (uploaded := stored_id(one.reference)) is not None:
            _BELONGS.all(connection, {"id": uploaded, "conversation_id": conversation_id, "inbox_id": inbox_id})
        else:
            row = _row(conversation_id, "user", one, now)
            _ADD.one(connection, {**row, "inbox_id": inbox_id, "sha256": None, "status": "pending"})


def _row(conversation_id: str, role: str, one: Attachment, now: float) -> dict[str, object]:
    return {
        "conversation_id": conversation_id,
        "role": role,
        "kind": one.kind,
        "reference": one.reference,
        "name": one.name[:LONGEST_NAME],
        "media_type": one.media_type,
        "size": one.size,
        "now": now,
    }


def store_upload(connection: Connection, conversation_id: str, role: str, file: File, now: float) -> Kept:
    """Keep a file that was uploaded: `user` by the customer, `agent` by a person of the shop's. The caller commits."""
    size, sha256 = len(file.content), hashlib.sha256(file.content).hexdigest()
    row = _row(conversation_id, role, Attachment(file.kind, "", file.name, file.media_type, size), now)
    [number] = _ADD.one(connection, {**row, "inbox_id": None, "sha256": sha256, "status": "stored"})
    _CONTENT.all(connection, {"id": number, "content": file.content})
    return Kept(*_ONE.one(connection, {"id": number}))


def uploaded(connection: Connection, conversation_id: str, since: float) -> tuple[int, int]:
    """How many files, and bytes, the customer has sent since then."""
    count, size = _UPLOADED.one(connection, {"conversation_id": conversation_id, "since": since})
    return int(count), int(size)


# ---- fetching ----


def due(connection: Connection, now: float, most: int) -> list[tuple[int, str]]:
    """What is to be fetched now: ids and channels."""
    return [(row[0], row[1]) for row in _DUE.all(connection, {"now": now, "most": most})]


def claim(connection: Connection, attachment_id: int, now: float) -> Claimed | None:
    row = _CLAIM.first(connection, {"id": attachment_id, "now": now, "until": now + CLAIM_SECONDS})
    if row is None:
        return None
    conversation_id, inbox_id, kind, reference, name, media_type, size, tries = row
    attachment = Attachment(kind, reference, name, media_type, size)
    return Claimed(attachment_id, conversation_id, inbox_id, attachment, tries)


def store(connection: Connection, attachment_id: int, file: File) -> None:
    """Keep the bytes that were fetched, unless somebody else did."""
    kept = {"id": attachment_id, "name": file.name[:LONGEST_NAME], "media_type": file.media_type, "kind": file.kind}
    digest = {"size": len(file.content), "sha256": hashlib.sha256(file.content).hexdigest()}
    if _STORE.first(connection, {**kept, **digest}):
        _CONTENT.all(connection, {"id": attachment_id, "content": file.content})


def end(connection: Connection, attachment_id: int, status: Status, why: str) -> bool:
    """It will not be stored. False: that was settled already."""
    return _END.first(connection, {"id": attachment_id, "status": status, "why": why}) is not None


def later(connection: Connection, attachment_id: int, due_at: float, why: str) -> None:
    _LATER.all(connection, {"id": attachment_id, "due_at": due_at, "why": why})


# ---- reading ----


def of_conversation(connection: Connection, conversation_id: str) -> list[Kept]:
    """All of a conversation's attachments, oldest first; `inbox_id` says with which message one came."""
    return [Kept(*row) for row in _OF_CONVERSATION.all(connection, {"conversation_id": conversation_id})]


def of_message(connection: Connection, inbox_id: int) -> list[Kept]:
    return [Kept(*row) for row in _OF_INBOX.all(connection, {"inbox_id": inbox_id})]


def said(connection: Connection, conversation_id: str, after: int) -> dict[int, tuple[Attachment, ...]]:
    """What the customer sent with messages numbered above `after`, by their numbers, as far as it is stored."""
    found: dict[int, tuple[Attachment, ...]] = {}
    for seq, *row in _SAID.all(connection, {"conversation_id": conversation_id, "after": after}):
        found[seq] = (*found.get(seq, ()), Kept(*row).attachment)
    return found


def open_attachment(connection: Connection, attachment_id: int) -> Opened | None:
    """An attachment with its bytes; None where there is none, or its bytes are not (any more) there."""
    row = _ONE.first(connection, {"id": attachment_id})
    content = _BYTES.first(connection, {"id": attachment_id}) if row else None
    return Opened(Kept(*row), bytes(content[0])) if row and content else None


def opened(connection: Connection, files: Sequence[Attachment]) -> dict[str, Opened]:
    """Those of the files that Kefu has, by their references."""
    ids = {one.reference: number for one in files if (number := stored_id(one.reference)) is not None}
    found = {reference: open_attachment(connection, number) for reference, number in ids.items()}
    return {reference: one for reference, one in found.items() if one}


# ---- forgetting ----


def forget(connection: Connection, retention_days: int, now: float) -> None:
    """Drop uploads that were never sent, and (0: never) the bytes that are older than the retention time."""
    _DROP_UNSENT.all(connection, {"before": now - UNSENT_SECONDS})
    if retention_days:
        old: dict[str, object] = {"before": now - retention_days * 86_400}
        _DROP_OLD.all(connection, old)
        _EXPIRE.all(connection, old)
