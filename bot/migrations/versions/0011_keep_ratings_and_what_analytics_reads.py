"""Keep customers' ratings and what analytics reads."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def row_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def of_conversation(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_conversation_id")
    return sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "ratings",
        sa.Column("id", row_id(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("handoff_id", row_id(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.Float(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("scored_at", sa.Float(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        of_conversation("ratings"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
    )
    op.create_index("ix_ratings_conversation_id", "ratings", ["conversation_id", "id"])
    op.create_index("ix_ratings_asked_at", "ratings", ["asked_at"])
    op.create_table(
        "visits",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("first_row", row_id(), nullable=False),
        sa.Column("last_row", row_id(), nullable=False),
        sa.Column("first_turn", sa.Integer(), nullable=False),
        sa.Column("last_turn", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("intent", sa.Text(), nullable=True),
        sa.Column("began_at", sa.Float(), nullable=False),
        sa.Column("ended_at", sa.Float(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("mood_start", sa.Float(), nullable=True),
        sa.Column("mood_end", sa.Float(), nullable=True),
        sa.Column("bad_end", sa.Text(), nullable=True),
        sa.Column("answered_seconds", sa.Float(), nullable=True),
        of_conversation("visits"),
        sa.PrimaryKeyConstraint("conversation_id", "first_row", name=op.f("pk_visits")),
    )
    op.create_index("ix_visits_began_at", "visits", ["began_at"])
    op.create_index("ix_visits_person", "visits", ["person", "began_at"])
    op.create_table(
        "unanswered",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        of_conversation("unanswered"),
        sa.PrimaryKeyConstraint("conversation_id", "turn", name=op.f("pk_unanswered")),
    )
    op.create_index("ix_unanswered_at", "unanswered", ["at"])


def downgrade() -> None:
    for table in ("unanswered", "visits", "ratings"):
        op.drop_table(table)
