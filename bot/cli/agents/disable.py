"""`kefu agents disable`: somebody has left."""

from typing import Annotated

import typer


def command(email: Annotated[str, typer.Argument(help="Whose account.")]) -> None:
    """Switch an account off and sign it out. What they wrote stays; `enable` lets them in again."""
    from bot.cli.agents._office import known, writing, written_down
    from bot.console.login import accounts

    with writing() as connection:
        account = known(connection, email)
        accounts.change(connection, account.id, {"is_active": False})
        written_down(connection, "disable_agent", account.id)
    typer.echo(f"{account.agent.name} may not sign in any more.")
