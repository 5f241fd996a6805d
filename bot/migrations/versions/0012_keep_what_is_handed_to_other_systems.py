"""Keep what is handed to other systems, and what was heard from them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "helpdesk_links",
        sa.Column("handoff_id", row_id, autoincrement=False, nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("seen_seq", sa.Integer(), server_default="0", nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.Float(), server_default="0", nullable=False),
        sa.Column("claimed_until", sa.Float(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoffs.id"], name=op.f("fk_helpdesk_links_handoff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("handoff_id", name=op.f("pk_helpdesk_links")),
    )
    op.create_index("ix_helpdesk_links_external_id", "helpdesk_links", ["target", "external_id"])
    op.create_index("ix_helpdesk_links_state", "helpdesk_links", ["state"])
    op.create_table(
        "helpdesk_heard",
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("external_key", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("heard_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_helpdesk_heard_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("target", "external_key", name=op.f("pk_helpdesk_heard")),
    )
    op.create_index("ix_helpdesk_heard_conversation_id", "helpdesk_heard", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("helpdesk_heard")
    op.drop_table("helpdesk_links")
