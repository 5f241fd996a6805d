"""Give every choice of the next best action a key, so that a message that is handled twice is counted once."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("nba_decisions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_nba_decisions_key"), ["key"])


def downgrade() -> None:
    with op.batch_alter_table("nba_decisions", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_nba_decisions_key"), type_="unique")
        batch_op.drop_column("key")
