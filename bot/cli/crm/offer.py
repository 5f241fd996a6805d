"""`kefu crm offer`: who will redeem an offer, learned from those that ended before it starts."""

from pathlib import Path
from typing import Annotated

import typer


def command(
    offer: Annotated[str, typer.Argument(help="The id of the offer, as in --offers.")],
    transactions: Annotated[Path, typer.Option(help="customer_id, item_id, time …: .parquet or .csv.")],
    offers: Annotated[Path, typer.Option(help="offer_id, start, end, and if possible kind.")],
    sent: Annotated[Path, typer.Option(help="Who gets which offer: customer_id, offer_id.")],
    redemptions: Annotated[Path, typer.Option(help="customer_id, offer_id, time.")],
    out: Annotated[Path, typer.Option(help="customer_id, value: .csv or .parquet.")],
    offer_items: Annotated[Path | None, typer.Option(help="What an offer makes cheaper: offer_id, item_id.")] = None,
) -> None:
    """Write the chance of redeeming for everybody the offer goes to. Nothing from its start on is read."""
    from bot.progress import told
    from knowledge.customers.reading import read_transactions
    from knowledge.customers.writing import check_name, write_columns
    from knowledge.prediction.offer_files import OfferFiles, read_offers
    from knowledge.prediction.offers import ended_before, fit

    check_name(out)
    with told() as progress:
        progress(f"reading {transactions.name}", 0.0)
        loaded = read_transactions(transactions)
        given = read_offers(OfferFiles(offers, sent, redemptions, offer_items), loaded.transactions)
        number = given.number(offer)
        start = float(given.history.start[number])
        model = fit(loaded.transactions, given.history, start, progress)
        customers, chances = model.predict(loaded.transactions, given.history, number)
    write_columns({"customer_id": loaded.transactions.customers[customers], "value": chances}, out)
    learned = len(ended_before(loaded.transactions, given.history, start))
    typer.echo(f"{len(customers)} customers in {out}; learned from {learned} offers that had ended")
    for reason, count in {**loaded.left_out, **given.left_out}.items():
        typer.echo(f"{count} lines left out: {reason}", err=True)
