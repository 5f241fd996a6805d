"""`kefu demo`: a made-up shop to try the bot on, and people and orders in it to talk about."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NAME = "demo"
_WHOLE = ("e-mail", "order")
"""What is copied out of a table stands in one line."""
app = typer.Typer(help="A demo shop, and people and orders in it to try.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int, typer.Option(min=1, help="How many at most.")]
Locale = Annotated[str | None, typer.Option(help="Only customers who speak this: en or zh.")]


@app.command("seed")
def seed_command(
    seed: Annotated[int, typer.Option(help="The same seed gives the same shop on the same day.")] = 7,
    customers: Annotated[int, typer.Option(min=1, help="How many customers; about 12 orders each.")] = 2000,
    reset: Annotated[bool, typer.Option(help="Remove the shop that is there first, whatever it is.")] = False,
) -> None:
    """Fill the database with two years of a made-up shop. Does nothing when that has been done."""
    from knowledge.shop.columns import utc_now
    from knowledge.shop.demo.seeding import empty, is_seeded
    from knowledge.shop.demo.seeding import seed as fill
    from knowledge.shop.errors import ShopError

    with _shop_session() as session:
        if is_seeded(session) and not reset:
            typer.echo("The demo shop is there already (--reset makes a fresh one).")
            return
        if reset:
            empty(session)
        try:
            with _bar() as progress:
                counts = fill(session, seed=seed, customers=customers, now=utc_now(), progress=progress)
        except ShopError as error:
            typer.echo(f"error: {error}", err=True)
            raise typer.Exit(1) from error
    typer.echo(", ".join(f"{count:,} {table.replace('_', ' ')}" for table, count in counts.items()))


@app.command("customers")
def customers_command(limit: Limit = 10, locale: Locale = None, as_json: Json = False) -> None:
    """People to be, those first with the most to ask about."""
    from knowledge.shop.demo.listing import customers_to_try

    with _shop_session() as session:
        listed = customers_to_try(session, locale=locale, limit=limit)
    rows = [
        (
            customer["email"],
            customer["first_name"],
            customer["last_name"],
            customer["postcode"],
            customer["locale"],
            "\n".join(f"{order['order_number']} {order['status']}" for order in customer["orders"]),
        )
        for customer in listed
    ]
    _show(listed, ("e-mail", "first name", "last name", "postcode", "locale", "newest orders"), rows, as_json)


@app.command("orders")
def orders_command(
    status: Annotated[str | None, typer.Option(help="Only orders in this state, e.g. pending or delivered.")] = None,
    limit: Limit = 10,
    locale: Locale = None,
    as_json: Json = False,
) -> None:
    """Orders to ask about, newest first, with who may ask."""
    from knowledge.shop.demo.listing import orders_to_try
    from knowledge.shop.types import OrderStatus

    if status is not None and status not in list(OrderStatus):
        raise typer.BadParameter(f"{status!r} is no state of an order; they are: {', '.join(OrderStatus)}")
    with _shop_session() as session:
        listed = orders_to_try(session, status=status, locale=locale, limit=limit)
    rows = [
        (
            order["order_number"],
            order["status"],
            order["email"],
            f"{order['first_name']} {order['last_name']}",
            order["postcode"],
            "\n".join(f"{line['quantity']} {line['product']} {line['product_zh']}" for line in order["lines"]),
        )
        for order in listed
    ]
    _show(listed, ("order", "status", "e-mail", "name", "postcode", "lines"), rows, as_json)


@app.command("conversations")
def conversations_command(
    count: Annotated[int, typer.Option(min=1, max=5000, help="How many, beside the few that wait.")] = 150,
    days: Annotated[int, typer.Option(min=1, max=365, help="Of how many days back.")] = 21,
    seed: Annotated[int, typer.Option(help="Another seed holds other conversations, beside those that are there.")] = 7,
) -> None:
    """Hold made-up conversations with the demo shop's bot, so that the console has something to show."""
    import asyncio

    from bot.assembly import assemble
    from bot.made_up.talking import make_up
    from bot.settings import load_settings
    from knowledge.shop.demo.seeding import is_seeded

    with _shop_session() as session:
        if not is_seeded(session):
            typer.echo("error: there is no demo shop in this database; `kefu demo seed` makes one.", err=True)
            raise typer.Exit(1)
    kefu = assemble(load_settings().model_copy(update={"demo": True}))
    with _bar("talking") as progress:
        held = asyncio.run(make_up(kefu, count, days, seed, lambda done, of: progress("talking", done, of)))
    asyncio.run(kefu.close())
    if not held:
        typer.echo("They are there already (another --seed holds others).")
        return
    typer.echo(f"{held} made-up conversations, all tagged “made-up”. Look at them at /console.")


@contextmanager
def _shop_session() -> Iterator["Session"]:
    """A transaction on the settings' database, its tables made if need be."""
    from bot.database import open_database, upgrade
    from bot.settings import load_settings

    database = open_database(load_settings())
    upgrade(database)
    try:
        with database.transaction() as session:
            yield session
    finally:
        database.close()


@contextmanager
def _bar(what: str = "making up a shop") -> Iterator[Callable[[str, int, int], None]]:
    from rich.progress import Progress

    with Progress(transient=True) as bar:
        task = bar.add_task(what, total=None)

        def progress(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        yield progress


def _show(listed: Sequence[object], headings: Sequence[str], rows: Sequence[Sequence[Any]], as_json: bool) -> None:
    if as_json:
        import json

        typer.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    from rich.console import Console
    from rich.table import Column, Table

    table = Table(
        *(Column(heading, no_wrap=heading in _WHOLE, overflow="fold") for heading in headings), show_lines=True
    )
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    Console().print(table)
