"""`kefu tickets`: what the bot has left for the shop's people, and ticking it off."""

from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

if TYPE_CHECKING:
    from knowledge.shop.shop import Shop
    from knowledge.shop.types import Ticket

NAME = "tickets"


def command(
    kind: Annotated[
        str | None, typer.Option(help="Only this kind, e.g. invoice; see docs/what-the-shop-does.md.")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line, with everything, for a program.")
    ] = False,
    solve: Annotated[str | None, typer.Option(help="The number of a ticket that is done, e.g. T-7K2M9QX.")] = None,
) -> None:
    """List the open tickets, oldest first; or mark one as solved."""
    from bot.database import open_database, upgrade
    from bot.settings import load_settings
    from knowledge.shop.shop import Shop

    database = open_database(load_settings())
    upgrade(database)
    try:
        with database.transaction() as session:
            shop = Shop(session)
            if solve is not None:
                _solve(shop, solve)
                return
            for ticket in shop.open_tickets(kind):
                typer.echo(_as_json(ticket) if json else _in_words(ticket))
    finally:
        database.close()


def _solve(shop: "Shop", number: str) -> None:
    if shop.ticket(number) is None:
        typer.echo(f"There is no ticket {number}; `kefu tickets` lists the open ones.", err=True)
        raise typer.Exit(1)
    receipt = shop.solve_ticket(number, key=f"cli:{uuid4().hex}", actor="agent:cli")
    typer.echo(f"{receipt.facts['ticket_number']} is solved.")


def _in_words(ticket: "Ticket") -> str:
    about = [text for text in (ticket.customer_id, ticket.order_number) if text]
    asks = "  ask back by e-mail first" if ticket.details.get("ask_back") else ""
    at = f"{ticket.created_at:%Y-%m-%d %H:%M}"
    return f"{at}  {ticket.ticket_number}  {_soon(ticket)}{ticket.subject}  {' '.join(about)}{asks}".rstrip()


def _soon(ticket: "Ticket") -> str:
    """ "URGENT  " for a handoff that should not wait (actions/handoff/priority.py)."""
    priority = ticket.details.get("priority")
    level = str(priority.get("level")) if isinstance(priority, dict) else "normal"
    return "" if level == "normal" else f"{level.upper()}  "


def _as_json(ticket: "Ticket") -> str:
    import orjson

    return orjson.dumps(ticket).decode()
