"""What is handed to another system: a handoff's case there, and how far it has been told. Instants are seconds since
1970, UTC."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, Table, Text

from bot.conversation.schema import RowId, metadata
from bot.handoff.schema import handoffs

helpdesk_links = Table(
    "helpdesk_links",
    metadata,
    Column("handoff_id", RowId, ForeignKey(handoffs.c.id, ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("target", Text, nullable=False),
    Column("external_id", Text),
    Column("state", Text, nullable=False),
    Column("seen_seq", Integer, nullable=False, server_default="0"),
    Column("agent_id", Text),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("due_at", Float, nullable=False, server_default="0"),
    Column("claimed_until", Float),
    Column("why", Text),
)
Index("ix_helpdesk_links_external_id", helpdesk_links.c.target, helpdesk_links.c.external_id)
Index("ix_helpdesk_links_state", helpdesk_links.c.state)
