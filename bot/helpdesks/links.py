"""How far each handoff has been told to the other system. A link is claimed while it is told: one process at a time.
The claim is committed before the first call, so that one which was left behind says that something was begun.

(none) ──claimed──► open, without a case ──opened──► open ──told, told…──► closed
                         ▲    │ not now                │ not now              when the handoff is over
                         └────┴── later, again ◄───────┘
"""

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from bot.conversation.sql import Statement
from bot.helpdesks.schema import helpdesk_links

CLAIM_SECONDS = 120.0
"""Longer than opening a case takes, of which each call may take fifteen seconds."""

# A handoff that waits and has no link, but for one of that system's own channel, which hands over by itself. And links
# with something to tell: a case, a message, who has it, the end.
_DUE = Statement(
    "SELECT h.id FROM handoffs h LEFT JOIN helpdesk_links l ON l.handoff_id = h.id"
    " WHERE (l.handoff_id IS NULL AND h.state IN ('requested', 'offered') AND h.channel <> :target)"
    " OR (l.target = :target AND l.state = 'open' AND l.due_at <= :now"
    "  AND (l.claimed_until IS NULL OR l.claimed_until <= :now)"
    "  AND (l.external_id IS NULL OR h.ended_at IS NOT NULL"
    "   OR COALESCE(h.agent_id, '') <> COALESCE(l.agent_id, '')"
    "   OR EXISTS (SELECT 1 FROM inbox i WHERE i.conversation_id = h.conversation_id AND i.seq > l.seen_seq)))"
    " ORDER BY h.id"
)
_CLAIM = Statement(
    "INSERT INTO helpdesk_links (handoff_id, target, state, due_at, claimed_until)"
    " VALUES (:id, :target, 'open', 0, :until)"
    " ON CONFLICT (handoff_id) DO UPDATE SET claimed_until = :until,"
    " tries = helpdesk_links.tries + CASE WHEN helpdesk_links.claimed_until IS NULL THEN 0 ELSE 1 END"
    " WHERE helpdesk_links.target = :target AND helpdesk_links.state = 'open' AND helpdesk_links.due_at <= :now"
    " AND (helpdesk_links.claimed_until IS NULL OR helpdesk_links.claimed_until <= :now)"
    " RETURNING target, external_id, seen_seq, agent_id, tries"
)
_NEW = Statement(
    "SELECT i.id, i.seq, i.text, i.received_at FROM inbox i WHERE i.conversation_id = :conversation_id"
    " AND i.seq > :after AND i.received_at <= :until ORDER BY i.seq"
)
_LAST = Statement("SELECT COALESCE(MAX(seq), 0) FROM inbox WHERE conversation_id = :conversation_id")
_WAITING = Statement("SELECT COUNT(*) FROM helpdesk_links WHERE target = :target AND state = 'open' AND tries > 0")
_FOLLOW = Statement(
    "INSERT INTO helpdesk_links (handoff_id, target, external_id, state, seen_seq, agent_id)"
    " VALUES (:id, :target, :case, 'open', :seq, :agent_id) ON CONFLICT (handoff_id) DO NOTHING"
)


@dataclass(frozen=True)
class Link:
    handoff_id: int
    target: str
    case: str | None
    """The handoff's case there, once there is one."""
    seen_seq: int
    """The number of the last message that was told; without a case, of the last one in a brief that may be there."""
    agent_id: str | None
    """Of whom it was told that they have it."""
    tries: int
    """How often it broke off since something was last taken; that a process died with its claim counts too."""

    @property
    def may_be_there(self) -> bool:
        """Whether a try that broke off may have brought there what is told next."""
        return self.tries > 0


@dataclass(frozen=True)
class Wrote:
    """A message of the customer's."""

    inbox_id: int
    seq: int
    text: str
    at: float


def due(connection: Connection, target: str, now: float) -> list[int]:
    """The handoffs of which there is something to tell."""
    return [int(row[0]) for row in _DUE.all(connection, {"target": target, "now": now})]


def waiting(connection: Connection, target: str) -> int:
    """How many handoffs have something to tell that the other system has not taken."""
    return int(_WAITING.one(connection, {"target": target})[0])


def claim(connection: Connection, handoff_id: int, target: str, now: float) -> Link | None:
    """The link, for this process alone; None where another has it, or it belongs to another system."""
    row = _CLAIM.first(connection, {"id": handoff_id, "target": target, "now": now, "until": now + CLAIM_SECONDS})
    return Link(handoff_id, *row) if row else None


def change(connection: Connection, handoff_id: int, **values: object) -> None:
    connection.execute(update(helpdesk_links).where(helpdesk_links.c.handoff_id == handoff_id).values(values))


def taken(connection: Connection, handoff_id: int, now: float, **values: object) -> None:
    """Note how far the other system has taken it, and hold the claim for what comes next."""
    change(connection, handoff_id, tries=0, claimed_until=now + CLAIM_SECONDS, **values)


def written_since(connection: Connection, conversation_id: str, seq: int, until: float) -> list[Wrote]:
    """What the customer wrote after the message of that number, and while the handoff lasted."""
    parameters = {"conversation_id": conversation_id, "after": seq, "until": until}
    return [Wrote(*row) for row in _NEW.all(connection, parameters)]


def last_seq(connection: Connection, conversation_id: str) -> int:
    """The number of the customer's last message."""
    return int(_LAST.one(connection, {"conversation_id": conversation_id})[0])


def of_case(connection: Connection, target: str, case: str) -> int | None:
    """The last handoff that had this case."""
    is_it = (helpdesk_links.c.target == target) & (helpdesk_links.c.external_id == case)
    query = select(helpdesk_links.c.handoff_id).where(is_it).order_by(helpdesk_links.c.handoff_id.desc()).limit(1)
    found: int | None = connection.execute(query).scalar()
    return found


def is_opening(connection: Connection, target: str, now: float) -> bool:
    """Whether a case is being opened at this moment, whose name is not known yet."""
    row = helpdesk_links.c
    is_it = (row.target == target) & (row.state == "open") & row.external_id.is_(None) & (row.claimed_until > now)
    return connection.execute(select(row.handoff_id).where(is_it).limit(1)).first() is not None


def case_of(connection: Connection, handoff_id: int) -> str | None:
    query = select(helpdesk_links.c.external_id).where(helpdesk_links.c.handoff_id == handoff_id)
    found: str | None = connection.execute(query).scalar()
    return found


def follow(connection: Connection, handoff_id: int, target: str, case: str, seq: int, agent_id: str | None) -> None:
    """A handoff that began with an answer from there goes on in the case that it came from."""
    link = {"id": handoff_id, "target": target, "case": case, "seq": seq, "agent_id": agent_id}
    _FOLLOW.all(connection, link)
