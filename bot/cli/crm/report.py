"""`kefu crm report`: what the shop's data says about its customers, as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.analysis.groups import Groups
    from knowledge.customers.transactions import Items, Transactions


def command(
    out: Annotated[Path, typer.Option(help="Where the page is written.")] = Path("customers.html"),
    transactions: Annotated[
        Path | None, typer.Option(help="A table of purchases (.parquet, .csv) instead of the shop's database.")
    ] = None,
    items: Annotated[Path | None, typer.Option(help="Names and categories of the items in that table.")] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The first day that is not looked at; without, all is."),
    ] = None,
    language: Annotated[str, typer.Option(help="en or zh.")] = "en",
) -> None:
    """Describe, compare and picture the customers: segments, cohorts, concentration, trends, in English or Chinese."""
    from knowledge.analysis.page.report import html_report
    from knowledge.analysis.survey import survey
    from knowledge.analysis.words import LANGUAGES
    from knowledge.customers.errors import CustomerDataError

    chosen = next((each for each in LANGUAGES if each == language), None)
    if chosen is None:
        raise typer.BadParameter(f"'{language}' is not one of {', '.join(LANGUAGES)}", param_hint="--language")
    try:
        table, known, groups, left_out = _read(transactions, items, until)
        with _bar() as progress:
            found = survey(table, known, groups, _cut(table, until), left_out, progress)
            page = html_report(found, chosen)
    except CustomerDataError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    out.write_text(page, "utf-8")
    typer.echo(f"report: {out} ({len(page.encode()) // 1024} kB)")


def _read(
    file: Path | None, items: Path | None, until: datetime | None
) -> tuple[Transactions, Items, Groups, Mapping[str, int]]:
    from knowledge.customers.reading import read_transactions
    from knowledge.customers.transactions import day_of

    if file is not None:
        loaded = read_transactions(file, items, None if until is None else day_of(until))
        for note in loaded.notes:
            typer.echo(f"note: {note}", err=True)
        return loaded.transactions, loaded.items, {}, loaded.left_out
    return *_of_the_shop(), {}


def _of_the_shop() -> tuple[Transactions, Items, Groups]:
    from bot.database import open_database, upgrade
    from bot.settings import load_settings
    from knowledge.analysis.groups import read_groups
    from knowledge.customers.shop_lines import read_shop

    database = open_database(load_settings())
    upgrade(database)
    try:
        with database.transaction() as session:
            table, known = read_shop(session, datetime.now(UTC))
            return table, known, read_groups(session, table)
    finally:
        database.close()


def _cut(transactions: Transactions, until: datetime | None) -> float:
    """The day after the last purchase, unless one was named."""
    from knowledge.customers.transactions import day_of

    if until is not None:
        return day_of(until)
    return float(transactions.day.max() // 1 + 1) if len(transactions) else day_of(datetime.now(UTC))


@contextmanager
def _bar() -> Iterator[Callable[[str, float], None]]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(transient=True, console=Console(stderr=True)) as bar:
        task = bar.add_task("reading", total=1.0)
        yield lambda what, share: bar.update(task, description=what, completed=share)
