"""`kefu campaign cancel`: nobody else gets the mail."""

from typing import Annotated

import typer


def command(name: Annotated[str, typer.Argument(help="A campaign.")]) -> None:
    """Send to nobody who still waits. What is sent stays in the report."""
    from bot.cli.campaign._office import opened
    from knowledge.campaigns.planning import cancel

    with opened() as (_, database), database.transaction() as session:
        count = cancel(session, name)
    typer.echo(f"{name}: {count:,} who were waiting get no mail")
