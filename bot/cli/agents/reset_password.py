"""`kefu agents reset-password`: somebody cannot get in."""

from typing import Annotated

import typer


def command(
    email: Annotated[str, typer.Argument(help="Whose account.")],
    second_factor: Annotated[
        bool, typer.Option("--second-factor-too", help="Switch the second factor off as well: the phone is lost.")
    ] = False,
) -> None:
    """Print a temporary password, sign the account out, and let it try again at once."""
    import time

    from bot.cli.agents._office import known, writing, written_down
    from bot.console.login import accounts, delay

    with writing() as connection:
        account = known(connection, email)
        password = accounts.reset_password(connection, account.id, time.time())
        delay.forgive(connection, account.agent.email)
        written_down(connection, "reset_password", account.id)
        if second_factor:
            accounts.switch_off_second_factor(connection, account.id)
            written_down(connection, "second_factor_off", account.id)
    typer.echo(f"Temporary password for {account.agent.name}, shown only now: {password}")
