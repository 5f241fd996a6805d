"""The tables of handoffs. Instants are seconds since 1970, UTC; lists and JSON are text that orjson wrote.

    agents          the shop's people who answer customers (their logins are the console's)
    handoffs        one row each time a conversation goes to people, from the request to its end
    handoff_events  each step of a handoff, written in its transaction and only ever appended: what consoles, outside
                    systems and analytics are told, in the order of `id`
    helpdesk_heard  what people did in another system and was done here, so that it is done once

At most one handoff of a conversation is open (`ended_at` is null): the database itself sees to that.
"""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from bot.conversation.schema import RowId, metadata

agents = Table(
    "agents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("role", Text, nullable=False, server_default="agent"),
    Column("languages", Text, nullable=False, server_default='["en","zh"]'),
    Column("skills", Text, nullable=False, server_default="[]"),
    Column("capacity", Integer, nullable=False, server_default="4"),
    Column("is_active", Integer, nullable=False, server_default="1"),
    Column("presence", Text, nullable=False, server_default="offline"),
    Column("seen_at", Float),
    Column("created_at", Float, nullable=False),
    UniqueConstraint("email"),
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("conversation_id", Text, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("because", Text, nullable=False, server_default="[]"),
    Column("priority", Text, nullable=False, server_default="normal"),
    Column("language", Text, nullable=False, server_default="en"),
    Column("channel", Text, nullable=False),
    Column("intent", Text),
    Column("skills", Text, nullable=False, server_default="[]"),
    Column("customer_id", Text),
    Column("segment", Text),
    Column("value", Float),
    Column("churn", Float),
    Column("mood", Float),
    Column("ticket_number", Text),
    Column("requested_at", Float, nullable=False),
    Column("queued_at", Float, nullable=False),
    Column("offered_to", Text, ForeignKey("agents.id")),
    Column("offered_until", Float),
    Column("tried", Text, nullable=False, server_default="[]"),
    Column("escalated_at", Float),
    Column("agent_id", Text, ForeignKey("agents.id")),
    Column("taken_at", Float),
    Column("first_answer_at", Float),
    Column("snoozed_until", Float),
    Column("wrapup_at", Float),
    Column("ended_at", Float),
    Column("ended_as", Text),
    Column("note", Text),
    Column("call_back", Text),
    Column("epoch", Integer, nullable=False),
)
Index(
    "uq_handoffs_open",
    handoffs.c.conversation_id,
    unique=True,
    sqlite_where=text("ended_at IS NULL"),
    postgresql_where=text("ended_at IS NULL"),
)
Index("ix_handoffs_conversation_id", handoffs.c.conversation_id)
Index("ix_handoffs_requested_at", handoffs.c.requested_at)
Index(
    "ix_handoffs_of_agent",
    handoffs.c.agent_id,
    handoffs.c.state,
    sqlite_where=text("ended_at IS NULL"),
    postgresql_where=text("ended_at IS NULL"),
)

handoff_events = Table(
    "handoff_events",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("handoff_id", RowId, ForeignKey("handoffs.id", ondelete="CASCADE"), nullable=False),
    Column("conversation_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("before", Text),
    Column("after", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("agent_id", Text),
    Column("at", Float, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("note", Text),
)
Index("ix_handoff_events_handoff_id", handoff_events.c.handoff_id)

helpdesk_heard = Table(
    "helpdesk_heard",
    metadata,
    Column("target", Text, primary_key=True),
    Column("external_key", Text, primary_key=True),
    Column("conversation_id", Text, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("heard_at", Float, nullable=False),
)
Index("ix_helpdesk_heard_conversation_id", helpdesk_heard.c.conversation_id)
