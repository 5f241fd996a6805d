"""`kefu crm fit`: learn segments, predictions and recommendations, and compute everybody's profile."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.database import Database
    from knowledge.profiles.artefacts import Artefacts
    from knowledge.profiles.fitting import Refit, Source


def command(
    transactions: Annotated[
        Path | None, typer.Option(help="Learn from this file (.parquet or .csv) rather than from the shop's orders.")
    ] = None,
    items: Annotated[Path | None, typer.Option(help="Names and categories of the file's items.")] = None,
    cut: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Of the file, learn from nothing from this day on.")
    ] = None,
    if_older: Annotated[
        float | None, typer.Option(min=0, help="Do nothing when the model that serves is younger than so many hours.")
    ] = None,
) -> None:
    """Fit the customer models. The new version serves at once, without a restart; `kefu crm rollback` undoes that.

    Choices of the next best action whose time is over get their reward, too.
    """
    from bot.crm_choices import reward_choices
    from bot.database import open_database, upgrade
    from bot.settings import load_settings
    from knowledge.profiles.artefacts import Artefacts

    settings = load_settings()
    artefacts = Artefacts(settings.crm_models)
    database = open_database(settings)
    upgrade(database)
    try:
        with database.transaction() as session:
            reward_choices(session, settings, datetime.now(UTC))
        if if_older is not None and (fitted_at := _fitted_at(artefacts, database)) and _is_young(fitted_at, if_older):
            typer.echo(f"The customer models were fitted at {fitted_at}: nothing to do.")
            return
        with artefacts.fitting():
            source = _source(database, transactions, items, cut)
            tell_notes(source)
            _report(_fit(source, artefacts, database), artefacts)
        if not source.is_shop:
            _warn_of_strangers(database)
    finally:
        database.close()


def tell_notes(source: "Source") -> None:
    """How a file was understood, on stderr: what is printed stays clean."""
    for note in source.notes:
        typer.echo(f"How it was read: {note}.", err=True)


def _source(database: "Database", file: Path | None, items: Path | None, cut: datetime | None) -> "Source":
    from bot.crm_source import file_source, shop_source
    from knowledge.customers.transactions import day_of

    return file_source(file, items, day_of(cut) if cut else None) if file else shop_source(database)


def _fit(source: "Source", artefacts: "Artefacts", database: "Database") -> "Refit":
    from bot.progress import told
    from knowledge.profiles.fitting import refit
    from knowledge.profiles.pseudonyms import Pseudonyms
    from knowledge.profiles.storing import memberships

    with database.transaction() as session:
        pseudonyms, before = Pseudonyms.of_shop(session), memberships(session)
    with told() as progress:
        return refit(source, artefacts, pseudonyms, before, database.transaction, progress)


def _warn_of_strangers(database: "Database") -> None:
    """A file's customers are now those with a profile: that they are the shop's is for people to see to."""
    from sqlalchemy import select

    from knowledge.profiles.schema import ProfileRow
    from knowledge.shop.schema import CustomerRow

    with database.read_session() as session:
        has_customers = session.scalars(select(CustomerRow.customer_id).limit(1)).first() is not None
        own = select(ProfileRow.customer_id).join(CustomerRow, CustomerRow.customer_id == ProfileRow.customer_id)
        if has_customers and session.scalars(own.limit(1)).first() is None:
            typer.echo(
                "None of the file's customers is one of this shop's database, whose own have no profile until the "
                "next `kefu crm fit`. Name another KEFU_DATABASE_URL and KEFU_CRM_MODELS to try things out.",
                err=True,
            )


def _fitted_at(artefacts: "Artefacts", database: "Database") -> str | None:
    """When what serves was fitted; None where there is nothing, or it is about customers of another database."""
    from sqlalchemy import select

    from knowledge.profiles.errors import ProfileError
    from knowledge.profiles.schema import ProfileRow
    from knowledge.profiles.sealing import verified

    try:
        metadata = verified(artefacts.folder())
    except ProfileError:
        return None
    with database.read_session() as session:
        own = session.scalars(select(ProfileRow.customer_id).where(ProfileRow.version == metadata.version).limit(1))
        return metadata.fitted_at if own.first() else None


def _is_young(fitted_at: str, hours: float) -> bool:
    return datetime.now(UTC) - datetime.fromisoformat(fitted_at) < timedelta(hours=hours)


def _report(done: "Refit", artefacts: "Artefacts") -> None:
    metadata = done.metadata
    typer.echo(
        f"{done.version}: {metadata.customers:,} customers, {metadata.items:,} items, {metadata.lines:,} lines from "
        f"{metadata.first_day} to {metadata.cut}; {done.profiles:,} profiles, {done.moved:,} in another segment."
    )
    for part, seconds in metadata.seconds.items():
        typer.echo(f"  {part}: fitted in {seconds:.1f} s")
    for part, why in metadata.problems.items():
        typer.echo(f"  {part}: not fitted: {why}")
    for why, rows in metadata.left_out.items():
        typer.echo(f"  left out: {rows:,} rows: {why}")
    typer.echo(f"The card: {artefacts.folder(done.version) / 'card.md'}")
