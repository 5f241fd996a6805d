"""`kefu import`: a shop's data into the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from knowledge.shop.importing.importer import Report

NAME = "import"
app = typer.Typer(help="Bring a shop's data in.", no_args_is_help=True)

File = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="CSV or Parquet file.")]


@app.command("shop")
def shop(
    customers: File = None,
    products: File = None,
    variants: File = None,
    orders: File = None,
    lines: File = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")] = False,
    errors: Annotated[Path | None, typer.Option(help="Write what is wrong, cell by cell, to this CSV file.")] = None,
    encoding: Annotated[str, typer.Option(help="Of CSV files; many Chinese spreadsheets need gb18030.")] = "utf-8-sig",
    time_zone: Annotated[str, typer.Option(help="Of times that name none, e.g. Asia/Shanghai.")] = "UTC",
    ignore_column: Annotated[list[str] | None, typer.Option(help="A column to pass over; may be repeated.")] = None,
) -> None:
    """Add a shop's own files; the columns are in docs/importing-a-shop.md.

    Good rows are kept and bad ones reported. Exit code: 0 all good, 1 some rows rejected, 2 a file cannot be used.
    """
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from bot.database import open_database, upgrade
    from bot.settings import load_settings
    from knowledge.shop.errors import ImportFailed
    from knowledge.shop.importing.importer import ShopImport

    named = {"customers": customers, "products": products, "variants": variants, "orders": orders, "lines": lines}
    database = open_database(load_settings())
    upgrade(database)
    try:
        with database.transaction() as session, _bar() as progress:
            report = ShopImport(
                session,
                {kind: path for kind, path in named.items() if path is not None},
                encoding=encoding,
                ignored=ignore_column or (),
                time_zone=ZoneInfo(time_zone),
                progress=progress,
            ).run(dry_run=dry_run)
    except (ImportFailed, ZoneInfoNotFoundError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error
    finally:
        database.close()
    _summarise(report, dry_run, errors)


@app.command("tau-bench")
def tau_bench(
    directory: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Where the three files are.")],
) -> None:
    """Fill an empty database with tau-bench's retail shop (users, orders, products; *.jsonl.gz) and its policy."""
    from bot.database import open_database, upgrade
    from bot.settings import load_settings
    from knowledge.shop.errors import ImportFailed
    from knowledge.shop.tau_bench.reading import import_tau_bench

    database = open_database(load_settings())
    upgrade(database)
    try:
        with database.transaction() as session, _bar() as progress:
            counts = import_tau_bench(session, directory, lambda _, done, total: progress("tables", done, total))
    except ImportFailed as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error
    finally:
        database.close()
    typer.echo(", ".join(f"{count:,} {name}" for name, count in counts.items()))


def _summarise(report: "Report", dry_run: bool, errors: Path | None) -> None:
    for kind in ("customers", "products", "variants", "orders", "lines"):
        figures = (report.accepted[kind], report.stored_already[kind], report.rejected[kind])
        if any(figures):
            done = "would be imported" if dry_run else "imported"
            typer.echo(f"{kind}: {figures[0]:,} {done}, {figures[1]:,} there already, {figures[2]:,} rejected")
    if errors is not None:
        report.write(errors)
    if not report.rejections:
        return
    for rejection in report.rejections[:10]:
        place = ", ".join(part for part in (f"row {rejection.row}", rejection.column) if part)
        typer.echo(f"  {rejection.file}, {place}: {rejection.message}", err=True)
    if len(report.rejections) > 10:
        rest = f"all are in {errors}" if errors else "write all of them to a file with --errors report.csv"
        typer.echo(f"  … and {len(report.rejections) - 10:,} more: {rest}", err=True)
    raise typer.Exit(1)


@contextmanager
def _bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each thing that is being read or written."""
    from rich.progress import Progress

    with Progress(transient=True) as bar:
        tasks = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what)
            bar.update(tasks[what], completed=done, total=max(done, total))

        yield progress
