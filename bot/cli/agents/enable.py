"""`kefu agents enable`: somebody is back."""

from typing import Annotated

import typer


def command(email: Annotated[str, typer.Argument(help="Whose account.")]) -> None:
    """Switch an account on again, with the password it had."""
    from bot.cli.agents._office import known, writing, written_down
    from bot.console.login import accounts

    with writing() as connection:
        account = known(connection, email)
        accounts.change(connection, account.id, {"is_active": True})
        written_down(connection, "enable_agent", account.id)
    typer.echo(f"{account.agent.name} may sign in again.")
