"""Keep campaigns and the choices of the next best action."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaigns",
        sa.Column("campaign_id", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message", sa.JSON(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("control_share", sa.Double(), nullable=False),
        sa.Column("sent_from", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_campaigns")),
    )
    op.create_table(
        "nba_decisions",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("policy", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("propensity", sa.Double(), nullable=False),
        sa.Column("propensities", sa.JSON(), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("because", sa.JSON(), nullable=False),
        sa.Column("reward", sa.Double(), nullable=True),
        sa.Column("rewarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_nba_decisions")),
    )
    with op.batch_alter_table("nba_decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nba_decisions_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_nba_decisions_policy"), ["policy"], unique=False)
        batch_op.create_index(batch_op.f("ix_nba_decisions_reward_at"), ["reward", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_nba_decisions_subject"), ["subject"], unique=False)

    op.create_table(
        "nba_policies",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promoted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("evaluation", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_nba_policies")),
    )
    with op.batch_alter_table("nba_policies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nba_policies_state"), ["state"], unique=False)

    op.create_table(
        "unsubscribes",
        sa.Column("unsubscribe_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("campaign_id", sa.String(length=64), nullable=True),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("unsubscribe_id", name=op.f("pk_unsubscribes")),
    )
    with op.batch_alter_table("unsubscribes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unsubscribes_address"), ["address"], unique=False)

    op.create_table(
        "campaign_members",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("arm", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=64), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=True),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unsubscribed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.campaign_id"], name=op.f("fk_campaign_members_campaign_id")
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_campaign_members")),
        sa.UniqueConstraint("campaign_id", "customer_id", name=op.f("uq_campaign_members_campaign_id_customer_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("campaign_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_members_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_campaign_members_message_id"), ["message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_campaign_members_state"), ["state"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("campaign_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_members_state"))
        batch_op.drop_index(batch_op.f("ix_campaign_members_message_id"))
        batch_op.drop_index(batch_op.f("ix_campaign_members_customer_id"))

    op.drop_table("campaign_members")
    with op.batch_alter_table("unsubscribes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unsubscribes_address"))

    op.drop_table("unsubscribes")
    with op.batch_alter_table("nba_policies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nba_policies_state"))

    op.drop_table("nba_policies")
    with op.batch_alter_table("nba_decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nba_decisions_subject"))
        batch_op.drop_index(batch_op.f("ix_nba_decisions_reward_at"))
        batch_op.drop_index(batch_op.f("ix_nba_decisions_policy"))
        batch_op.drop_index(batch_op.f("ix_nba_decisions_at"))

    op.drop_table("nba_decisions")
    op.drop_table("campaigns")
