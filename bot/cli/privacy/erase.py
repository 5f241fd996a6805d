"""`kefu privacy erase CUSTOMER`: take a customer out of everything, and say which models learned from them."""

import secrets
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from bot.conversation.belonging import Trace, Whose
    from bot.database import Database
    from knowledge.profiles.pseudonyms import Pseudonyms

HOW: "dict[Trace, str]" = {
    "known": "where they have proven who they are",
    "address": "from their e-mail address",
    "number": "from their telephone number",
    "wrote_address": "where their e-mail address was written",
    "wrote_number": "where their telephone number was written",
    "ticket": "where a ticket of theirs was opened",
}


def command(
    customer: Annotated[
        str,
        typer.Argument(
            help="The customer's id. Of somebody without an account: the e-mail address, or the telephone number"
            " as +15035550142."
        ),
    ],
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
            whose = _whose(session, customer)
            _check(session, whose, anyway)
            _tell_conversations(_conversations(session, whose), customer)
        if not yes:
            typer.confirm(f"Delete everything about {customer}, for good?", abort=True)
        with database.transaction() as session:
            if database.is_sqlite:
                session.execute(text("PRAGMA secure_delete = ON"))  # overwrites what it deletes
            pseudonyms = Pseudonyms.of_shop(session)
            gone = _erase(session, whose, pseudonyms)
        if database.is_sqlite:
            _empty_the_log(database)
    finally:
        database.close()
    for table, rows in gone.items():
        typer.echo(f"{rows:>8,}  {table.replace('_', ' ')}")
    if whose.customer_id:
        _tell_models(versions_that_learned_from(Artefacts(settings.crm_models), whose.customer_id, pseudonyms))


def _empty_the_log(database: "Database") -> None:
    """SQLite's write-ahead log still holds the pages as they were."""
    from sqlalchemy import text

    with database.read() as connection:
        [is_busy, *_] = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    if is_busy:
        typer.echo("Somebody reads the database just now: its -wal file is emptied when Kefu next closes it.", err=True)


# ---- who it is ----


def _whose(session: "Session", customer: str) -> "Whose":
    """Ends the command where there is nobody of that name."""
    from bot.conversation.belonging import Whose
    from knowledge.profiles.schema import ProfileRow
    from knowledge.shop.schema import CustomerRow

    row = session.get(CustomerRow, customer)
    if row is not None:
        return Whose(customer, row.email, _number(row.phone, row.locale))
    if session.get(ProfileRow, customer) is not None:  # only a file of transactions named them
        return Whose(customer)
    if "@" in customer:
        return _without_account(session, Whose(email=customer))
    number = _number(customer, "en")
    if number is None or not customer.startswith("+"):
        typer.echo(f"There is no customer {customer}.", err=True)
        raise typer.Exit(1)
    return _without_account(session, Whose(number=number))


def _without_account(session: "Session", whose: "Whose") -> "Whose":
    """Ends the command where a customer has that address or number: they are erased whole, or not at all."""
    from sqlalchemy import select

    from knowledge.shop.folding import email_key
    from knowledge.shop.schema import CustomerRow

    if whose.email:
        found = list(session.scalars(select(CustomerRow).where(CustomerRow.email_key == email_key(whose.email))))
    else:
        having = session.scalars(select(CustomerRow).where(CustomerRow.phone.is_not(None)))
        found = [row for row in having if _number(row.phone, row.locale) == whose.number]
    if found:
        typer.echo(f"That is customer {found[0].customer_id}: kefu privacy erase {found[0].customer_id}", err=True)
        raise typer.Exit(1)
    return whose


def _number(phone: str | None, locale: str) -> str | None:
    """In international form. One that is written so is taken as it is: who erases does not check what exists."""
    import phonenumbers

    from actions.account.details import international

    try:
        number = phonenumbers.parse(phone or "")
    except phonenumbers.NumberParseException:
        return international(phone or "", locale)
    is_one = phonenumbers.is_possible_number(number)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)) if is_one else None


def _check(session: "Session", whose: "Whose", anyway: bool) -> None:
    from knowledge.shop.service import UNDER_WAY
    from knowledge.shop.shop import Shop

    if anyway or not whose.customer_id:
        return
    if orders := Shop(session).orders_of(whose.customer_id, UNDER_WAY):
        numbers = ", ".join(order.order_number for order in orders)
        told = f"{whose.customer_id} has orders under way ({numbers}): finish or cancel them, or say --anyway."
        typer.echo(told, err=True)
        raise typer.Exit(1)


def _conversations(session: "Session", whose: "Whose") -> "Mapping[str, Trace]":
    """Whose they are, and what tells so."""
    from sqlalchemy import select

    from bot.conversation.belonging import Trace, conversations_of
    from knowledge.shop.schema import TicketRow

    found: dict[str, Trace] = {}
    if whose.customer_id:
        tickets = select(TicketRow.conversation_id).where(TicketRow.customer_id == whose.customer_id)
        found = {one: "ticket" for one in session.scalars(tickets) if one is not None}
    return {**found, **conversations_of(session.connection(), whose)}


def _tell_conversations(found: "Mapping[str, Trace]", customer: str) -> None:
    if not found:
        typer.echo(f"No conversation is known to be of {customer}.")
    counted = Counter((conversation_id.partition(":")[0], trace) for conversation_id, trace in found.items())
    for (channel, trace), count in sorted(counted.items()):
        typer.echo(f"{count:>8,}  on {channel}, {HOW[trace]}")


# ---- erasing ----


def _erase(session: "Session", whose: "Whose", pseudonyms: "Pseudonyms") -> dict[str, int]:
    """One transaction: everything goes, or nothing."""
    from bot.conversation.forgetting import forget_conversations
    from knowledge.profiles.erasing import erase_from_profiles
    from knowledge.shop.columns import utc_now
    from knowledge.shop.erasing import erase_from_shop, erase_talks_from_shop
    from knowledge.shop.schema import AuditRow, CustomerRow

    erased_as = f"erased:{secrets.token_hex(6)}"
    theirs = _conversations(session, whose)
    gone: Counter[str] = Counter()
    if whose.customer_id:
        gone.update(erase_from_profiles(session, whose.customer_id, pseudonyms))
    if session.get(CustomerRow, whose.customer_id):
        gone.update(erase_from_shop(session, whose.customer_id, erased_as))
    gone.update(erase_talks_from_shop(session, theirs))
    gone.update(forget_conversations(session.connection(), theirs))
    session.add(
        AuditRow(
            at=utc_now(),
            actor="admin:cli",
            operation="erase_customer",
            customer_id=erased_as,
            order_number=None,
            key=f"erase:{erased_as}",
            details={"rows": gone.total()},
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
