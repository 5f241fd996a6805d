"""Keep handoffs, their states, and the agents."""

import time

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_OPEN = sa.text("ended_at IS NULL")
LATELY_SECONDS = 3 * 86_400.0
# Who waits for a person waits on, from now on where people see it. Those of long ago are no longer at their screens: a
# message of theirs brings them into the queue.
WAITING = """
INSERT INTO handoffs (conversation_id, state, reason, language, channel, customer_id, requested_at, queued_at, epoch)
SELECT id, 'requested', 'asked', CASE WHEN language = 'zh' THEN 'zh' ELSE 'en' END, channel, customer_id, updated_at,
:now, epoch FROM conversations WHERE owner = 'queue' AND updated_at > :since
"""
ASKED_FOR = """
INSERT INTO handoff_events (handoff_id, conversation_id, kind, after, actor, at, epoch)
SELECT id, conversation_id, 'request', 'requested', 'bot', :now, epoch FROM handoffs
"""


def upgrade() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), server_default="agent", nullable=False),
        sa.Column("languages", sa.Text(), server_default='["en","zh"]', nullable=False),
        sa.Column("skills", sa.Text(), server_default="[]", nullable=False),
        sa.Column("capacity", sa.Integer(), server_default="4", nullable=False),
        sa.Column("is_active", sa.Integer(), server_default="1", nullable=False),
        sa.Column("presence", sa.Text(), server_default="offline", nullable=False),
        sa.Column("seen_at", sa.Float(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agents")),
        sa.UniqueConstraint("email", name=op.f("uq_agents_email")),
    )
    op.create_table(
        "handoffs",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), server_default="[]", nullable=False),
        sa.Column("priority", sa.Text(), server_default="normal", nullable=False),
        sa.Column("language", sa.Text(), server_default="en", nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("intent", sa.Text(), nullable=True),
        sa.Column("skills", sa.Text(), server_default="[]", nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("segment", sa.Text(), nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("churn", sa.Float(), nullable=True),
        sa.Column("mood", sa.Float(), nullable=True),
        sa.Column("ticket_number", sa.Text(), nullable=True),
        sa.Column("requested_at", sa.Float(), nullable=False),
        sa.Column("queued_at", sa.Float(), nullable=False),
        sa.Column("offered_to", sa.Text(), nullable=True),
        sa.Column("offered_until", sa.Float(), nullable=True),
        sa.Column("tried", sa.Text(), server_default="[]", nullable=False),
        sa.Column("escalated_at", sa.Float(), nullable=True),
        sa.Column("agent_id", sa.Text(), nullable=True),
        sa.Column("taken_at", sa.Float(), nullable=True),
        sa.Column("first_answer_at", sa.Float(), nullable=True),
        sa.Column("snoozed_until", sa.Float(), nullable=True),
        sa.Column("wrapup_at", sa.Float(), nullable=True),
        sa.Column("ended_at", sa.Float(), nullable=True),
        sa.Column("ended_as", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("call_back", sa.Text(), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_handoffs_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["offered_to"], ["agents.id"], name=op.f("fk_handoffs_offered_to")),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_handoffs_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoffs")),
    )
    op.create_index(
        "uq_handoffs_open", "handoffs", ["conversation_id"], unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
    )
    op.create_index("ix_handoffs_conversation_id", "handoffs", ["conversation_id"])
    op.create_index("ix_handoffs_requested_at", "handoffs", ["requested_at"])
    op.create_index(
        "ix_handoffs_of_agent", "handoffs", ["agent_id", "state"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
    )
    op.create_table(
        "handoff_events",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("handoff_id", ROW_ID, nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=True),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoffs.id"], name=op.f("fk_handoff_events_handoff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_events")),
    )
    op.create_index("ix_handoff_events_handoff_id", "handoff_events", ["handoff_id"])
    op.add_column("outbox", sa.Column("agent_id", sa.Text(), nullable=True))
    now = time.time()
    op.execute(sa.text(WAITING).bindparams(now=now, since=now - LATELY_SECONDS))
    op.execute(sa.text(ASKED_FOR).bindparams(now=now))


def downgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        table.drop_column("agent_id")
    op.drop_table("handoff_events")
    op.drop_table("handoffs")
    op.drop_table("agents")
