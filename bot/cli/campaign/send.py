"""`kefu campaign send`: hands the mails to the mail server; after a crash the same command goes on."""

from typing import Annotated

import typer


def command(
    name: Annotated[str, typer.Argument(help="A planned campaign.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Stop after so many mails; the next run goes on.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before the first mail.")] = False,
) -> None:
    """Send to everybody who waits. Nobody gets a mail twice, and nobody whose consent is gone gets one."""
    from bot.cli.campaign._office import office, opened, server
    from bot.progress import counted
    from knowledge.campaigns.post import SmtpPost
    from knowledge.campaigns.sending import send, waiting
    from knowledge.shop.columns import utc_now

    with opened() as (settings, database):
        with database.transaction() as session:
            given, count = office(settings, session), waiting(session, name)
        if not yes and count:
            typer.confirm(f"Send up to {count:,} mails through {server(settings)}?", abort=True)
        with counted("sending") as progress, SmtpPost(server(settings)) as post:
            done = send(database.transaction, name, given, post, utc_now, progress, limit)
        with database.transaction() as session:
            left = waiting(session, name)
    told = ", ".join(f"{count:,} {state}" for state, count in sorted(done.items())) or "nobody was waiting"
    typer.echo(f"{name}: {told}" + (f"; {left:,} still wait" if left else ""))
