"""`kefu crm predict`: what each customer of a file will probably do, as of a day, for anybody to score."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from knowledge.customers.reading import Loaded
    from knowledge.prediction.fitting import Progress


class Asked(StrEnum):
    """The tasks of knowledge/prediction/tasks.py, which is not imported before the command runs."""

    ACTIVE = "active"
    CHURN = "churn"
    PURCHASES = "purchases"
    SPEND = "spend"
    CATEGORY = "category"


def command(
    transactions: Annotated[Path, typer.Option(help="customer_id, item_id, time …: .parquet or .csv.")],
    cut: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Nothing from this day on is read.")],
    task: Annotated[
        Asked,
        typer.Option(
            help="active: buys within 28 days. churn: buys nothing within 56. "
            "purchases: days with a purchase in 13 weeks. spend: what is paid in 13 weeks. "
            "category: buys in a category within 28 days (needs --items)."
        ),
    ],
    out: Annotated[Path, typer.Option(help="customer_id, value (and category, where asked): .csv or .parquet.")],
    items: Annotated[Path | None, typer.Option(help="Names and categories: item_id, name, category.")] = None,
) -> None:
    """Predict for every customer who bought something before `cut`, having learned from nothing later."""
    from bot.progress import told
    from knowledge.customers.reading import read_transactions
    from knowledge.customers.transactions import day_of
    from knowledge.customers.writing import check_name

    check_name(out)
    day = day_of(cut)
    with told() as progress:
        progress(f"reading {transactions.name}", 0.0)
        loaded = read_transactions(transactions, items, day)
        find = _categories if task is Asked.CATEGORY else _task
        done = find(loaded, task.value, day, out, progress)
    typer.echo(done)
    for reason, count in loaded.left_out.items():
        typer.echo(f"{count} lines of {transactions.name} left out: {reason}", err=True)


def _task(loaded: "Loaded", task: str, day: float, out: Path, progress: "Progress") -> str:
    from knowledge.prediction import fit
    from knowledge.prediction.tasks import TASKS
    from knowledge.prediction.writing import write

    asked = next(one for one in TASKS if one.name == task)
    model = fit(loaded.transactions, loaded.items, day, progress, (asked,))
    rows = write(task, model.predict(loaded.transactions, day), loaded.transactions, out)
    return f"{rows} customers in {out}; {model.fitted(task).told()}"


def _categories(loaded: "Loaded", _task: str, day: float, out: Path, progress: "Progress") -> str:
    from knowledge.prediction.categories import fit
    from knowledge.prediction.writing import write_categories

    model = fit(loaded.transactions, loaded.items, day, progress)
    rows = write_categories(model.predict(loaded.transactions, loaded.items, day), loaded.transactions, out)
    return f"{rows} pairs of a customer and one of {len(model.categories)} categories in {out}"
