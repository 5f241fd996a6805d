"""Count wrong proofs of identity."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wrong_proofs",
        sa.Column("wrong_proof_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("proof", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("wrong_proof_id", name=op.f("pk_wrong_proofs")),
    )
    with op.batch_alter_table("wrong_proofs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wrong_proofs_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_wrong_proofs_subject_at"), ["subject", "at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("wrong_proofs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wrong_proofs_subject_at"))
        batch_op.drop_index(batch_op.f("ix_wrong_proofs_at"))

    op.drop_table("wrong_proofs")
