"""`kefu crm rank`: what each customer of a file is likely to buy, as of a day, for anybody to score."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Asked(StrEnum):
    """The tasks of knowledge/recommendation/tasks.py, which is not imported before the command runs."""

    WINDOW = "window"
    NEXT = "next"
    NEW = "new"


def command(
    transactions: Annotated[Path, typer.Option(help="customer_id, item_id, time …: .parquet or .csv.")],
    cut: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Nothing from this day on is read.")],
    task: Annotated[Asked, typer.Option(help="Bought in 28 days, in the next order, or for the first time.")],
    out: Annotated[Path, typer.Option(help="customer_id, rank, item_id: .csv or .parquet.")],
    k: Annotated[int, typer.Option(min=1, max=1000, help="Items for each customer.")] = 10,
    items: Annotated[Path | None, typer.Option(help="Names and categories: item_id, name, category.")] = None,
) -> None:
    """Rank `k` items for every customer who bought something before `cut`, having learned from nothing later."""
    from bot.progress import told
    from knowledge.customers.reading import read_transactions
    from knowledge.customers.transactions import day_of
    from knowledge.customers.writing import check_name
    from knowledge.recommendation.ranking import customers_known, ranker
    from knowledge.recommendation.tasks import Task
    from knowledge.recommendation.writing import write

    check_name(out)
    with told() as progress:
        progress(f"reading {transactions.name}", 0.0)
        loaded = read_transactions(transactions, items, day_of(cut))
        asked = Task(task.value)
        learned = ranker(loaded.transactions, loaded.items, day_of(cut), [asked], progress)
        customers = customers_known(learned.snapshot.history)
        lists = learned.lists(customers, [asked], k, progress)[asked]
    rows = write(lists, loaded.transactions, out)
    typer.echo(f"{rows} rows for {len(customers)} customers in {out}")
    for note in loaded.notes:
        typer.echo(f"How {transactions.name} was read: {note}.", err=True)
    for reason, count in loaded.left_out.items():
        typer.echo(f"{count} lines of {transactions.name} left out: {reason}", err=True)
