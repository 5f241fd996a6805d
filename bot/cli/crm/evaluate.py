"""`kefu crm evaluate`: how good the customer models would have been some weeks ago."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.crm.fit import tell_notes


def command(
    transactions: Annotated[
        Path | None, typer.Option(help="Test on this file (.parquet or .csv) rather than on the shop's orders.")
    ] = None,
    items: Annotated[Path | None, typer.Option(help="Names and categories of the file's items.")] = None,
    cut: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Of the file, look at nothing from this day on.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Fit on what was known 28 and 91 days ago and compare with what came after. Changes nothing that serves."""
    figures = _measured(transactions, items, cut)
    if as_json:
        import json

        typer.echo(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    from knowledge.profiles.card import flattened

    table = Table("part", "figure", "value")
    for part, found in figures.items():
        for name, value in flattened(found):
            table.add_row(part, name, f"{value:.3f}" if isinstance(value, float) else str(value))
    Console().print(table)


def _measured(file: Path | None, items: Path | None, cut: datetime | None) -> dict[str, dict[str, Any]]:
    from bot.crm_source import file_source, shop_source
    from bot.database import open_database, upgrade
    from bot.progress import told
    from bot.settings import load_settings
    from knowledge.customers.transactions import day_of
    from knowledge.profiles.backtest import backtest

    if file:
        source = file_source(file, items, day_of(cut) if cut else None)
    else:
        database = open_database(load_settings())
        upgrade(database)
        source = shop_source(database)
        database.close()
    tell_notes(source)
    with told() as progress:
        return backtest(source, progress)
