"""`kefu campaign replies`: what came back, from the mail box's file."""

from pathlib import Path
from typing import Annotated

import typer


def command(file: Annotated[Path, typer.Argument(help="An mbox file, a Maildir, or one .eml.")]) -> None:
    """Note who answered, unsubscribe who asks for it, and mark what could not be delivered."""
    from bot.cli.campaign._office import fingerprints_of, opened
    from knowledge.campaigns.replies import read_replies
    from knowledge.shop.columns import utc_now

    with opened() as (_, database), database.transaction() as session:
        found = read_replies(session, file, fingerprints_of(session), utc_now())
    typer.echo(", ".join(f"{count:,} {kind}" for kind, count in found.items()) or f"{file} holds no mail")
