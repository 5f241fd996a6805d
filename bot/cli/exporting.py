"""`kefu export`: the shop out of the database, in somebody else's shape."""

from pathlib import Path
from typing import Annotated

import typer

NAME = "export"
app = typer.Typer(help="Write the shop's data in another system's shape.", no_args_is_help=True)


@app.callback()
def export() -> None:
    """Write the shop's data in another system's shape."""


@app.command("tau-bench")
def tau_bench(directory: Annotated[Path, typer.Argument(help="Where to write; made if need be.")]) -> None:
    """Write users, orders and products as tau-bench's retail domain has them (*.jsonl.gz)."""
    from bot.database import open_database, upgrade
    from bot.settings import load_settings
    from knowledge.shop.tau_bench.writing import export_tau_bench

    database = open_database(load_settings())
    upgrade(database)
    with database.transaction() as session:
        counts = export_tau_bench(session, directory)
    database.close()
    typer.echo(f"{directory}: " + ", ".join(f"{count:,} {name}" for name, count in counts.items()))
