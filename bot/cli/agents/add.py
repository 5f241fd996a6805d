"""`kefu agents add`: somebody who will answer customers, or look after those who do."""

from enum import StrEnum
from typing import Annotated

import typer


class Role(StrEnum):
    agent = "agent"
    supervisor = "supervisor"
    admin = "admin"


class Language(StrEnum):
    en = "en"
    zh = "zh"


BOTH = [Language.en, Language.zh]


def command(
    email: Annotated[str, typer.Argument(help="The e-mail address that they sign in with.")],
    name: Annotated[str, typer.Option(help="Their name, as customers see it.")],
    role: Annotated[Role, typer.Option(help="What they may do (docs/console.md).")] = Role.agent,
    language: Annotated[
        list[Language], typer.Option(help="A language they answer in; give it again for another.")
    ] = BOTH,
    skill: Annotated[list[str] | None, typer.Option(help="An intent or topic they know best; repeatable.")] = None,
    capacity: Annotated[int, typer.Option(min=0, max=50, help="Conversations at once.")] = 4,
    ask: Annotated[
        bool, typer.Option("--ask-password", help="Ask for a password, instead of making a temporary one.")
    ] = False,
) -> None:
    """Add an agent and print a temporary password, which they change when they first sign in."""
    import time

    from bot.cli.agents._office import writing, written_down
    from bot.console.login import accounts, passwords

    chosen = typer.prompt("Password", hide_input=True, confirmation_prompt=True) if ask else None
    with writing() as connection:
        now = time.time()
        more = {"languages": [one.value for one in language], "skills": skill or [], "capacity": capacity}
        account = accounts.add(connection, email, name, role.value, now, **more)
        if chosen is None:
            password = accounts.reset_password(connection, account.id, now)
        else:
            passwords.refuse_weak(chosen, account.agent.email)
            accounts.set_password(connection, account.id, passwords.hashed(chosen), False, now)
        written_down(connection, "add_agent", account.id)
    typer.echo(f"{account.agent.name} may sign in at /console as {account.agent.email} ({role}).")
    if chosen is None:
        typer.echo(f"Temporary password, shown only now: {password}")
