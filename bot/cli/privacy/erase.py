"""`kefu privacy erase CUSTOMER`: take a customer out of everything, and say which models learned from them."""

import secrets
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from bot.database import Database
    from knowledge.profiles.pseudonyms import Pseudonyms


def command(
    customer: Annotated[str, typer.Argument(help="The customer's id.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False,
    anyway: Annotated[bool, typer.Option("--anyway", help="Even though orders are under way.")] = False,
) -> None:
    """Delete a customer's account, orders, conversations, profile and places in campaigns. There is no way back."""
    from sqlalchemy import text

    from bot.database import open_database, upgrade
    from bot.settings import load_settings
    from knowledge.profiles.artefacts import Artefacts
    from knowledge.profiles.erasing import versions_that_learned_from
    from knowledge.profiles.pseudonyms import Pseudonyms

    settings = load_settings()
    database = open_database(settings)
    upgrade(database)
    try:
        with database.read_session() as session:
            _check(session, customer, anyway)
        if not yes:
            typer.confirm(f"Delete everything about {customer}, for good?", abort=True)
        with database.transaction() as session:
            if database.is_sqlite:
                session.execute(text("PRAGMA secure_delete = ON"))  # overwrites what it deletes
            pseudonyms = Pseudonyms.of_shop(session)
            gone = _erase(session, customer, pseudonyms)
        if database.is_sqlite:
            _empty_the_log(database)
    finally:
        database.close()
    for table, rows in gone.items():
        typer.echo(f"{rows:>8,}  {table.replace('_', ' ')}")
    _tell_models(versions_that_learned_from(Artefacts(settings.crm_models), customer, pseudonyms))


def _empty_the_log(database: "Database") -> None:
    """SQLite's write-ahead log still holds the pages as they were."""
    from sqlalchemy import text

    with database.read() as connection:
        [is_busy, *_] = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    if is_busy:
        typer.echo("Somebody reads the database just now: its -wal file is emptied when Kefu next closes it.", err=True)


def _check(session: "Session", customer: str, anyway: bool) -> None:
    from knowledge.profiles.schema import ProfileRow
    from knowledge.shop.service import UNDER_WAY
    from knowledge.shop.shop import Shop

    shop = Shop(session)
    if shop.customer(customer) is None and session.get(ProfileRow, customer) is None:
        typer.echo(f"There is no customer {customer}.", err=True)
        raise typer.Exit(1)
    if not anyway and (orders := shop.orders_of(customer, UNDER_WAY)):
        numbers = ", ".join(order.order_number for order in orders)
        typer.echo(f"{customer} has orders under way ({numbers}): finish or cancel them, or say --anyway.", err=True)
        raise typer.Exit(1)


def _erase(session: "Session", customer: str, pseudonyms: "Pseudonyms") -> dict[str, int]:
    """One transaction: everything goes, or nothing."""
    from sqlalchemy import select

    from bot.conversation.forgetting import forget_conversations
    from knowledge.profiles.erasing import erase_from_profiles
    from knowledge.shop.columns import utc_now
    from knowledge.shop.erasing import erase_from_shop
    from knowledge.shop.schema import AuditRow, CustomerRow, TicketRow

    row = session.get(CustomerRow, customer)  # none of somebody whom only a file of transactions named
    email = row.email if row else ""
    erased_as = f"erased:{secrets.token_hex(6)}"
    tickets = session.scalars(select(TicketRow.conversation_id).where(TicketRow.customer_id == customer))
    told_in = {conversation_id for conversation_id in tickets if conversation_id is not None}
    gone = erase_from_profiles(session, customer, pseudonyms)
    gone |= erase_from_shop(session, customer, erased_as) if row else {}
    gone |= forget_conversations(session.connection(), customer, email, told_in)
    done = {"rows": sum(gone.values())}
    session.add(
        AuditRow(
            at=utc_now(),
            actor="admin:cli",
            operation="erase_customer",
            customer_id=erased_as,
            order_number=None,
            key=f"erase:{erased_as}",
            details=done,
        )
    )
    return gone


def _tell_models(versions: "Sequence[str]") -> None:
    if not versions:
        typer.echo("No customer model that is kept here learned from this customer.")
        return
    typer.echo("These customer models learned from this customer, among all others; the next `kefu crm fit` does not:")
    for version in versions:
        typer.echo(f"  {version}")
