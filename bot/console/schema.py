"""The console's own tables, beside those of handoffs. Instants are seconds since 1970, UTC; lists are JSON text.

agent_logins       how an agent proves who they are: argon2 hash, second factor
recovery_codes     for whoever lost the second factor: hashes, each good once
login_tries        wrong logins by account, by place and by both, as fingerprints: what the growing delay is read from
console_sessions   who is signed in where; the row's id is the hash of the cookie
console_audit      who did what, on what, when, from where; only ever appended
notes, tags        what agents write about a conversation among themselves
canned_replies     sentences that agents need again and again, in both languages
suggestion_votes   what became of a suggested reply
article_choices    the article that an agent says answers a customer's message
seen_lines         how far an agent has read a conversation
said_keys          which of an agent's requests to say something has been done
attention          who looks at a conversation, and who is typing in it (bot/conversation/attention.py)
"""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text, UniqueConstraint

from bot.conversation.schema import RowId, inbox, metadata, outbox
from bot.handoff import schema as _handoff  # noqa: F401  (agents register with the same metadata)


def _agent(**options: object) -> Column[str]:
    return Column("agent_id", Text, ForeignKey("agents.id", ondelete="CASCADE"), nullable=False, **options)  # type: ignore[arg-type]


def _conversation() -> Column[str]:
    return Column("conversation_id", Text, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False)


agent_logins = Table(
    "agent_logins",
    metadata,
    _agent(primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("must_change", Integer, nullable=False, server_default="0"),
    Column("changed_at", Float, nullable=False),
    Column("totp_secret", Text),
    Column("is_totp_on", Integer, nullable=False, server_default="0"),
    Column("totp_step", Integer, nullable=False, server_default="0"),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    _agent(),
    Column("code_hash", Text, nullable=False),
    PrimaryKeyConstraint("agent_id", "code_hash"),
)

login_tries = Table(
    "login_tries",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Float, nullable=False),
    Column("tried_at", Float, nullable=False),
)
Index("ix_login_tries_tried_at", login_tries.c.tried_at)

console_sessions = Table(
    "console_sessions",
    metadata,
    Column("id", Text, primary_key=True),
    _agent(),
    Column("created_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
    Column("address", Text, nullable=False),
    Column("browser", Text, nullable=False),
)
Index("ix_console_sessions_agent_id", console_sessions.c.agent_id)

console_audit = Table(
    "console_audit",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("agent_id", Text),
    Column("operation", Text, nullable=False),
    Column("target", Text),
    Column("address", Text, nullable=False),
    Column("details", Text, nullable=False, server_default="{}"),
)
Index("ix_console_audit_target", console_audit.c.target)
Index("ix_console_audit_agent_id", console_audit.c.agent_id)

notes = Table(
    "notes",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    _conversation(),
    Column("agent_id", Text, ForeignKey("agents.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", Float, nullable=False),
)
Index("ix_notes_conversation_id", notes.c.conversation_id)
Index("ix_notes_created_at", notes.c.created_at)

tags = Table(
    "tags",
    metadata,
    _conversation(),
    Column("tag", Text, nullable=False),
    PrimaryKeyConstraint("conversation_id", "tag"),
)
Index("ix_tags_tag", tags.c.tag)

canned_replies = Table(
    "canned_replies",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("shortcut", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text_en", Text, nullable=False),
    Column("text_zh", Text, nullable=False),
    Column("updated_at", Float, nullable=False),
    UniqueConstraint("shortcut"),
)

suggestion_votes = Table(
    "suggestion_votes",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    _conversation(),
    Column("agent_id", Text, ForeignKey("agents.id"), nullable=False),
    Column("suggestion_id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("at", Float, nullable=False),
)
Index("ix_suggestion_votes_conversation_id", suggestion_votes.c.conversation_id)

article_choices = Table(
    "article_choices",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    _conversation(),
    Column("turn", Integer, nullable=False),
    Column("article_id", Text, nullable=False),
    Column("chosen_by", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    UniqueConstraint("conversation_id", "turn"),
)

seen_lines = Table(
    "seen_lines",
    metadata,
    _agent(),
    _conversation(),
    Column("seq", Integer, nullable=False),
    PrimaryKeyConstraint("agent_id", "conversation_id"),
)
Index("ix_seen_lines_conversation_id", seen_lines.c.conversation_id)

said_keys = Table(
    "said_keys",
    metadata,
    _agent(),
    Column("key", Text, nullable=False),
    _conversation(),
    Column("seq", Integer, nullable=False),
    Column("at", Float, nullable=False),
    PrimaryKeyConstraint("agent_id", "key"),
)

attention = Table(
    "attention",
    metadata,
    _conversation(),
    Column("who", Text, nullable=False),
    Column("looking_until", Float, nullable=False),
    Column("typing_until", Float, nullable=False),
    PrimaryKeyConstraint("conversation_id", "who"),
)

Index("ix_inbox_received_at", inbox.c.received_at)
Index("ix_outbox_created_at", outbox.c.created_at)
