"""`kefu explain CONVERSATION TURN`: why the bot did what it did, in sentences."""

from enum import StrEnum
from typing import Annotated

import typer

NAME = "explain"


class Language(StrEnum):
    en = "en"
    zh = "zh"


def command(
    conversation: Annotated[str, typer.Argument(help="The conversation, <channel>:<sender>, e.g. rest:ada.")],
    turn: Annotated[int, typer.Argument(min=1, help="Which of its turns, counted from 1.")],
    language: Annotated[Language, typer.Option(help="The language to explain in.")] = Language.en,
) -> None:
    """Say what was understood in a turn, what was decided and why, and what was done."""
    from bot.conversation.tracker_store import decision
    from bot.database import open_database, upgrade
    from bot.dialogue.telling import told
    from bot.settings import load_settings

    database = open_database(load_settings())
    upgrade(database)
    try:
        with database.read() as connection:
            record = decision(connection, conversation, turn)
    finally:
        database.close()
    if record is None:
        typer.echo(f"No decision of turn {turn} in conversation '{conversation}' is stored.", err=True)
        raise typer.Exit(1)
    for sentence in told(record, language):
        typer.echo(sentence)
