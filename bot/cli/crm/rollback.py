"""`kefu crm rollback`: the customer models that served before serve again, and everybody's profile is theirs."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from knowledge.profiles.artefacts import Artefacts


def command() -> None:
    """Go back to the version before, and compute everybody's profile with it anew. Nothing is learned."""
    from bot.settings import load_settings
    from knowledge.profiles.artefacts import Artefacts

    artefacts = Artefacts(load_settings().crm_models)
    with artefacts.fitting():
        typer.echo(f"{artefacts.rollback()} serves again.")
        try:
            typer.echo(_profiles(artefacts))
        except ValueError as error:  # of the packages that compute: another source, the extra not installed
            typer.echo(f"Profiles stay as the last fit computed them until the next `kefu crm fit`: {error}", err=True)


def _profiles(artefacts: "Artefacts") -> str:
    from bot.crm_source import shop_source
    from bot.database import open_database, upgrade
    from bot.progress import told
    from bot.settings import load_settings
    from knowledge.profiles.fitting import recompute
    from knowledge.profiles.storing import memberships

    database = open_database(load_settings())
    upgrade(database)
    try:
        with database.read_session() as session:
            before = memberships(session)
        with told() as progress:
            done = recompute(shop_source(database), artefacts, before, database.transaction, progress)
    finally:
        database.close()
    return f"{done.profiles:,} profiles are computed with it, {done.moved:,} in another segment."
