"""`kefu channels dead`: what did not arrive on a platform, or may not have; and sending it again."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.database import Database


def command(
    retry: Annotated[
        list[int] | None, typer.Option(help="The number of a line to send again; may be given several times.")
    ] = None,
    most: Annotated[int, typer.Option(help="How many lines are shown.", min=1)] = 50,
) -> None:
    """List the lines that are dead or unsure, the latest first, without their words; or send some of them again.

    An unsure line may have arrived: sent again, it may arrive twice.
    """
    from bot.database import open_database, upgrade
    from bot.settings import load_settings

    database = open_database(load_settings())
    upgrade(database)
    try:
        if retry:
            _send_again(database, retry)
        else:
            _show(database, most)
    finally:
        database.close()


def _show(database: "Database", most: int) -> None:
    from datetime import UTC, datetime

    from rich.console import Console
    from rich.table import Table

    from bot.conversation.dead_lines import dead_lines

    with database.read() as connection:
        lines = dead_lines(connection, most)
    if not lines:
        typer.echo("Everything has arrived, as far as Kefu knows.")
        return
    table = Table("line", "channel", "from", "", "made (UTC)", "tries", "why")
    for one in lines:
        made = datetime.fromtimestamp(one.made_at, UTC).strftime("%Y-%m-%d %H:%M")
        table.add_row(str(one.outbox_id), one.channel, one.role, one.status, made, str(one.tries), one.why)
    Console().print(table)
    Console().print("Send one again with `kefu channels dead --retry <line>`.")


def _send_again(database: "Database", numbers: list[int]) -> None:
    import time

    from bot.conversation.dead_lines import send_again

    with database.writing() as connection:
        unknown = [number for number in numbers if send_again(connection, number, time.time()) is None]
        connection.commit()
    for number in numbers:
        words = "is neither dead nor unsure" if number in unknown else "is sent again within seconds, by `kefu serve`"
        typer.echo(f"Line {number} {words}.")
    if unknown:
        raise typer.Exit(1)
