"""How far the sending of an outbox line has come, for channels that Kefu calls (a messaging platform).

    pending ──claimed──► being sent, part by part ──all taken──► delivered
       ▲                    │ ├──never─────────────────────────► dead       (`why` says it)
       └──── not now ───────┘ ├──a newer owner epoch───────────► refused
                              └──crash, or no answer───────────► unsure     (may have arrived: not sent again)

The claim is committed before a part goes out. A claim whose time is over belongs to a process that died, or to a try
that got no answer: that part may have arrived. Of a conversation's lines only the oldest can be claimed, so that all
arrive in order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection

from bot.conversation import receipts
from bot.conversation.outbox import decode
from bot.conversation.sql import Statement
from bot.messages import BotMessage, Json

CLAIM_SECONDS = 40.0
"""Longer than the longest call."""

# The conversations of these channels that have something to send now. Rows that nobody claimed are due at once.
_DUE = Statement(
    "SELECT DISTINCT o.conversation_id FROM outbox o JOIN conversations c ON c.id = o.conversation_id"
    " LEFT JOIN deliveries d ON d.outbox_id = o.id"
    " WHERE c.channel = :channel AND o.status = 'pending'"
    " AND (d.outbox_id IS NULL OR (d.due_at <= :now AND (d.claimed_until IS NULL OR d.claimed_until <= :now)))"
)
_OLDEST = Statement(
    "SELECT o.id, o.seq, o.body, o.created_at, o.role <> 'bot' OR o.epoch = c.epoch, c.sender_id, c.account,"
    " c.language, c.owner, COALESCE((SELECT i.metadata FROM inbox i WHERE i.id = o.inbox_id),"
    " (SELECT i.metadata FROM inbox i WHERE i.conversation_id = c.id ORDER BY i.seq DESC LIMIT 1)),"
    " (SELECT MAX(i.received_at) FROM inbox i WHERE i.conversation_id = c.id)"
    " FROM outbox o JOIN conversations c ON c.id = o.conversation_id"
    " WHERE o.conversation_id = :conversation_id AND o.status = 'pending' ORDER BY o.seq LIMIT 1"
)
_CLAIM = Statement(
    "INSERT INTO deliveries (outbox_id, parts_done, tries, due_at, claimed_until, is_unsure)"
    " VALUES (:id, 0, 1, :now, :until, 0)"
    " ON CONFLICT (outbox_id) DO UPDATE SET tries = deliveries.tries + 1, claimed_until = :until,"
    " is_unsure = CASE WHEN deliveries.claimed_until <= :forgotten THEN 1 ELSE deliveries.is_unsure END,"
    " parts_done = deliveries.parts_done + CASE WHEN deliveries.claimed_until <= :forgotten THEN 1 ELSE 0 END"
    " WHERE deliveries.due_at <= :now AND (deliveries.claimed_until IS NULL OR deliveries.claimed_until <= :now)"
    " RETURNING parts_done, tries, is_unsure"
)
_PART_DONE = Statement(
    "UPDATE deliveries SET parts_done = parts_done + 1, claimed_until = :until, tries = 1, platform_id = :platform_id,"
    " is_unsure = CASE WHEN :is_unsure = 1 THEN 1 ELSE is_unsure END, why = COALESCE(:why, why)"
    " WHERE outbox_id = :id AND parts_done = :part"
)
_LATER = Statement(
    "UPDATE deliveries SET claimed_until = CASE WHEN :is_unsure = 1 THEN CAST(:due_at AS FLOAT) END, due_at = :due_at,"
    " why = :why WHERE outbox_id = :id"
)
_END = Statement("UPDATE deliveries SET claimed_until = NULL, why = COALESCE(:why, why) WHERE outbox_id = :id")
# Also of a line that was refused meanwhile: it was on its way.
_STATUS = Statement("UPDATE outbox SET status = :status WHERE id = :id")
_IS_STILL_ALLOWED = Statement(
    "SELECT o.role <> 'bot' OR o.epoch = c.epoch FROM outbox o JOIN conversations c ON c.id = o.conversation_id"
    " WHERE o.id = :id"
)


@dataclass(frozen=True)
class Claimed:
    """A line that this process, and no other, may send now, from part `parts_done` on."""

    conversation_id: str
    outbox_id: int
    seq: int
    message: BotMessage
    made_at: float
    sender_id: str
    account: str
    language: str | None
    owner: str
    latest: Json
    """The metadata of the message that is answered, else of the person's latest one."""
    heard_at: float | None
    """When the person's latest message came."""
    parts_done: int
    tries: int
    is_unsure: bool


def due(connection: Connection, channels: Sequence[str], now: float) -> list[str]:
    """The conversations of these channels that have a line to send now."""
    return [row[0] for channel in channels for row in _DUE.all(connection, {"channel": channel, "now": now})]


def is_something_left(connection: Connection, conversation_id: str) -> bool:
    return _OLDEST.first(connection, {"conversation_id": conversation_id}) is not None


def claim(connection: Connection, conversation_id: str, remembers_seconds: float, now: float) -> Claimed | None:
    """The conversation's oldest line, claimed; the caller commits. None: nothing to send, or another has it, or later.

    What a newer owner forbids is refused on the way. A part that may have arrived is sent again only as long as the
    platform remembers it, else it is passed over and the line is unsure.
    """
    while row := _OLDEST.first(connection, {"conversation_id": conversation_id}):
        outbox_id, seq, body, made_at, is_allowed, sender_id, account, language, owner, latest, heard_at = row
        if not is_allowed:
            _STATUS.all(connection, {"id": outbox_id, "status": "refused"})
            continue
        wanted = {"id": outbox_id, "now": now, "until": now + CLAIM_SECONDS, "forgotten": now - remembers_seconds}
        taken = _CLAIM.first(connection, wanted)
        if taken is None:
            return None
        parts_done, tries, is_unsure = taken
        return Claimed(
            conversation_id,
            outbox_id,
            seq,
            decode(body),
            made_at,
            sender_id,
            account,
            language,
            owner,
            orjson.loads(latest or "{}"),
            heard_at,
            parts_done,
            tries,
            bool(is_unsure),
        )
    return None


def is_allowed(connection: Connection, outbox_id: int) -> bool:
    """Whether no newer owner forbids the line; also False where the customer was erased meanwhile."""
    row = _IS_STILL_ALLOWED.first(connection, {"id": outbox_id})
    return row is not None and bool(row[0])


def part_done(
    connection: Connection, outbox_id: int, part: int, platform_id: str | None, now: float, unsure: str | None = None
) -> None:
    """Note a part as sent (or, with the reason why, as perhaps sent), and hold the claim for the next one."""
    noted = {"id": outbox_id, "part": part, "platform_id": platform_id, "until": now + CLAIM_SECONDS}
    _PART_DONE.all(connection, {**noted, "is_unsure": int(unsure is not None), "why": unsure})


def later(connection: Connection, outbox_id: int, due_at: float, why: str, is_unsure: bool = False) -> None:
    """Give the line back, to be tried again from `due_at` on. `is_unsure`: the part may have arrived this time."""
    _LATER.all(connection, {"id": outbox_id, "due_at": due_at, "why": why, "is_unsure": int(is_unsure)})


def end(connection: Connection, outbox_id: int, status: str, why: str | None = None) -> None:
    """The line's last word: delivered, unsure, dead or refused. Dead also where the platform has said so meanwhile."""
    _END.all(connection, {"id": outbox_id, "why": why})
    _STATUS.all(connection, {"id": outbox_id, "status": status})
    receipts.settle(connection, outbox_id)
