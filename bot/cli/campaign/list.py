"""`kefu campaign list`: the campaigns, and how far they are."""

import typer


def command() -> None:
    """List the campaigns, oldest first."""
    from sqlalchemy import select

    from bot.cli.campaign._office import opened
    from knowledge.campaigns.lift import states
    from knowledge.campaigns.schema import CampaignRow

    with opened() as (_, database), database.read_session() as session:
        for row in session.scalars(select(CampaignRow).order_by(CampaignRow.made_at)):
            counts = ", ".join(
                f"{count:,} {state}" for state, count in sorted(states(session, row.campaign_id).items())
            )
            typer.echo(f"{row.campaign_id}  planned {row.made_at:%Y-%m-%d}  {counts}")
