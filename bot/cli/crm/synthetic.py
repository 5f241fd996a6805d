"""`kefu crm synthetic`: the transactions of a shop that doesn't exist."""

from pathlib import Path
from typing import Annotated

import typer


def command(
    out: Annotated[Path, typer.Option(help="Where to write: .parquet or .csv.")],
    customers: Annotated[int, typer.Option(min=1, max=5_000_000, help="About 20 lines each.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same number gives the same shop.")] = 1,
) -> None:
    """Write made-up transactions: customers who come, buy by habit and stop, items from popular to rare."""
    from rich.console import Console

    from knowledge.customers.synthetic import synthetic_shop, write_shop

    if out.suffix not in (".parquet", ".csv"):
        raise typer.BadParameter(f"{out}: name a .parquet or a .csv file")
    with Console(stderr=True).status("making up a shop"):
        transactions, _ = synthetic_shop(customers, seed)
        write_shop(transactions, out)
    typer.echo(f"{len(transactions):,} lines of {customers:,} customers in {out}")
