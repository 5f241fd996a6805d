"""Who attended to a customer, and since when nobody has."""

from sqlalchemy import Connection, func, select

from bot.conversation.schema import inbox, outbox
from bot.handoff.rows import Handoff
from bot.handoff.schema import handoffs


def last_agent_of(connection: Connection, handoff: Handoff) -> str | None:
    """Who had this conversation, or another one of the same customer, last."""
    same = handoffs.c.conversation_id == handoff.conversation_id
    if handoff.customer_id:
        same = same | (handoffs.c.customer_id == handoff.customer_id)
    query = select(handoffs.c.agent_id).where(same, handoffs.c.agent_id.is_not(None), handoffs.c.id != handoff.id)
    return connection.execute(query.order_by(handoffs.c.id.desc()).limit(1)).scalar()


def unanswered_since(connection: Connection, conversation_id: str) -> float | None:
    """When the customer wrote what no person has answered; None where nothing is open."""
    answered = (
        select(func.coalesce(func.max(outbox.c.seq), 0))
        .where(outbox.c.conversation_id == conversation_id, outbox.c.role == "agent")
        .scalar_subquery()
    )
    query = select(func.min(inbox.c.received_at)).where(
        inbox.c.conversation_id == conversation_id, inbox.c.seq > answered
    )
    found: float | None = connection.execute(query).scalar()
    return found
