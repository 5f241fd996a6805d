"""What the commands share: the database, finding an agent by e-mail, and a problem told in its own words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.console.login.accounts import Account


@contextmanager
def writing() -> Iterator[Connection]:
    """A connection that commits at the end; what cannot be done ends the command with its reason."""
    from bot.database import open_database, upgrade
    from bot.problem import Problem
    from bot.settings import load_settings

    database = open_database(load_settings())
    upgrade(database)
    try:
        with database.writing() as connection:
            yield connection
            connection.commit()
    except Problem as problem:
        typer.echo(problem.detail, err=True)
        raise typer.Exit(1) from None
    finally:
        database.close()


def known(connection: Connection, email: str) -> Account:
    """The agent with that e-mail; the command ends where there is none."""
    from bot.console.login.accounts import find_by_email

    account = find_by_email(connection, email)
    if account is None:
        typer.echo(f"There is no agent {email}; `kefu agents list` shows them all.", err=True)
        raise typer.Exit(1)
    return account


def written_down(connection: Connection, operation: str, agent_id: str) -> None:
    """In the audit: somebody at the server's own keyboard did it."""
    import time

    from bot.console import audit

    audit.put(connection, None, operation, agent_id, "command line", time.time(), {})
