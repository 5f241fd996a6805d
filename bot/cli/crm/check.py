"""`kefu crm check`: what of a file of transactions can be used, and why the rest can't."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from knowledge.customers.reading import Loaded


def command(
    file: Annotated[Path, typer.Argument(help="Transactions: .parquet or .csv.")],
    items: Annotated[Path | None, typer.Option(help="Names and categories: item_id, name, category.")] = None,
    cut: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Look at nothing from this day on.")
    ] = None,
) -> None:
    """Read a table of transactions and say how it was understood; nothing is stored.

    Columns: customer_id, item_id, time; if there: quantity, amount, order_id, currency.
    """
    from rich.console import Console

    from knowledge.customers.errors import CustomerDataError
    from knowledge.customers.reading import read_transactions
    from knowledge.customers.transactions import day_of

    try:
        with Console(stderr=True).status(f"reading {file}"):
            loaded = read_transactions(file, items, None if cut is None else day_of(cut))
    except CustomerDataError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    console = Console()
    console.print(_content(loaded))
    for note in loaded.notes:
        console.print(f"How it was read: {note}.", highlight=False)
    if loaded.left_out:
        console.print(_left_out(loaded))
    if not len(loaded.transactions):
        typer.echo(f"{file}: no line can be used", err=True)
        raise typer.Exit(1)


def _content(loaded: Loaded) -> Table:
    from rich.table import Table

    rows = loaded.transactions
    table = Table(show_header=False, box=None)
    facts = {
        "lines": len(rows),
        "customers": len(rows.customers),
        "items": len(rows.items),
        "orders": int(rows.order.max(initial=-1)) + 1,
        "items with a name": int((loaded.items.names != "").sum()),
        "items with a category": int((loaded.items.categories != "").sum()),
    }
    for name, count in facts.items():
        table.add_row(name, f"{count:,}")
    if len(rows):
        table.add_row("from, to", f"{_date(rows.day.min())}, {_date(rows.day.max())}")
        table.add_row("paid in all", f"{rows.amount.sum():,.2f}")
    return table


def _left_out(loaded: Loaded) -> Table:
    from rich.table import Table

    table = Table("left out", "lines", box=None)
    for reason, lines in loaded.left_out.items():
        table.add_row(reason, f"{lines:,}")
    return table


def _date(day: float) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=float(day))).date().isoformat()
