"""The tables of conversations. Instants are seconds since 1970, UTC; JSON is text that orjson wrote.

    conversations   one row each: who owns it, how far its stream has come, the tracker's snapshot
    inbox           what people said: stored before it is acknowledged, never deleted by a turn
    turns           what happened: a turn's events in Rasa's shape, and why (its decision record); only ever appended
    outbox          what the bot answered: stored with the state that produced it, then delivered
    deliveries      how far a line has come that is sent to a messaging platform (deliveries.py)
    delivery_parts  the parts that a platform took, by its own ids, and what it reported of them (receipts.py)
    cursors         how far a platform that does not deliver has been read (cursors.py)
    attachments     files that came with messages or go out with them (attachments.py)
    attachment_contents   their bytes
    corrections     what agents say that a message meant: an intent's name, no words of the customer's
    reviews         messages that the model may learn from, redacted; only while the retention setting allows it
    instance        what the processes of one installation share (the widget's session key)

A message id counts within its conversation (and so its channel) and account: REST and web clients choose their own
ids, and one customer's id must never fetch another's answers. `signed_as` is the subject of the last identity token,
`signed_until` when that token expires.

`seq` numbers a conversation's messages, both ways, in one unbroken order: it is what a widget replays from.
"""

from typing import Literal

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

Owner = Literal["bot", "queue", "agent"]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

RowId = BigInteger().with_variant(Integer, "sqlite")

conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("sender_id", Text, nullable=False),
    Column("owner", Text, nullable=False, server_default="bot"),
    Column("epoch", Integer, nullable=False, server_default="0"),
    Column("last_seq", Integer, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("turns", Integer, nullable=False, server_default="0"),
    Column("snapshot", Text),
    Column("language", Text),
    Column("customer_id", Text),
    Column("signed_as", Text),
    Column("signed_until", Float),
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
)

Index("ix_conversations_customer_id", conversations.c.customer_id)

inbox = Table(
    "inbox",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("channel", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("conversation_id", Text, ForeignKey("conversations.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("metadata", Text, nullable=False),
    Column("received_at", Float, nullable=False),
    Column("status", Text, nullable=False, server_default="accepted"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("error", Text),
    Column("turn", Integer),
    UniqueConstraint("conversation_id", "account", "message_id"),
    UniqueConstraint("conversation_id", "seq"),
)
Index(
    "ix_inbox_unfinished",
    inbox.c.conversation_id,
    inbox.c.id,
    sqlite_where=text("status = 'accepted'"),
    postgresql_where=text("status = 'accepted'"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("conversation_id", Text, ForeignKey("conversations.id"), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("events", Text, nullable=False),
    Column("decision", Text),
    Column("created_at", Float, nullable=False),
)
Index("ix_turns_conversation", turns.c.conversation_id, turns.c.id)

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("conversation_id", Text, ForeignKey("conversations.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("inbox_id", RowId, ForeignKey("inbox.id")),
    Column("epoch", Integer, nullable=False),
    Column("role", Text, nullable=False),
    Column("agent_id", Text),
    Column("body", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("status", Text, nullable=False, server_default="pending"),
    UniqueConstraint("conversation_id", "seq"),
)
Index("ix_outbox_inbox_id", outbox.c.inbox_id)
Index(
    "ix_outbox_pending",
    outbox.c.conversation_id,
    outbox.c.seq,
    sqlite_where=text("status = 'pending'"),
    postgresql_where=text("status = 'pending'"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("outbox_id", RowId, ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("parts_done", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", Float, nullable=False),
    Column("claimed_until", Float),
    Column("is_unsure", Integer, nullable=False),
    Column("why", Text),
    Column("platform_id", Text),
)

delivery_parts = Table(
    "delivery_parts",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("platform_id", Text, primary_key=True),
    Column("outbox_id", RowId, ForeignKey("outbox.id", ondelete="CASCADE")),
    Column("part", Integer),
    Column("state", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("why", Text),
)
Index("ix_delivery_parts_outbox_id", delivery_parts.c.outbox_id)

cursors = Table(
    "cursors",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("cursor", Text),
    Column("read_at", Float),
    Column("holder", Text),
    Column("held_until", Float),
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("conversation_id", Text, ForeignKey("conversations.id"), nullable=False),
    Column("inbox_id", RowId, ForeignKey("inbox.id", ondelete="CASCADE")),
    Column("role", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer),
    Column("sha256", Text),
    Column("status", Text, nullable=False),
    Column("why", Text),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("due_at", Float, nullable=False),
    Column("created_at", Float, nullable=False),
)
Index("ix_attachments_conversation_id", attachments.c.conversation_id)
Index("ix_attachments_inbox_id", attachments.c.inbox_id)
Index(
    "ix_attachments_pending",
    attachments.c.due_at,
    sqlite_where=text("status = 'pending'"),
    postgresql_where=text("status = 'pending'"),
)

attachment_contents = Table(
    "attachment_contents",
    metadata,
    Column(
        "attachment_id", RowId, ForeignKey("attachments.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column("content", LargeBinary, nullable=False),
)

corrections = Table(
    "corrections",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("conversation_id", Text, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("intent", Text, nullable=False),
    Column("corrected_by", Text),
    Column("created_at", Float, nullable=False),
    UniqueConstraint("conversation_id", "turn"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("conversation_id", Text, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("guess", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("intent", Text),
    Column("article", Text),
    Column("status", Text, nullable=False, server_default="waiting"),
    Column("said_at", Float, nullable=False),
    UniqueConstraint("conversation_id", "turn"),
)
Index("ix_reviews_said_at", reviews.c.said_at)

instance = Table(
    "instance",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
