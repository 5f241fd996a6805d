"""`kefu data correct`: say what a message meant that the bot read wrongly."""

from typing import Annotated

import typer


def command(
    conversation: Annotated[str, typer.Argument(help="The conversation, <channel>:<sender>, e.g. rest:ada.")],
    turn: Annotated[int, typer.Argument(min=1, help="Which of its turns, counted from 1.")],
    intent: Annotated[str, typer.Argument(help="What the customer meant: one of the assistant's intents.")],
    by: Annotated[str | None, typer.Option(help="Who says so.")] = None,
) -> None:
    """Keep a correction, without the words; `kefu data review` takes those up where the setting allows it."""
    from bot.conversation.corrections import NoSuchTurn, correct
    from bot.database import open_database, upgrade
    from bot.dialogue.assistant import Assistant
    from bot.settings import load_settings

    settings = load_settings()
    known = Assistant.load(settings.assistant_dir, languages=()).intents
    if intent not in known:
        raise typer.BadParameter(f"'{intent}' is no intent of the assistant{_near(intent, known)}")
    database = open_database(settings)
    upgrade(database)
    try:
        with database.transaction() as session:
            correct(session.connection(), conversation, turn, intent, by)
    except NoSuchTurn as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    finally:
        database.close()
    typer.echo(f"kept: turn {turn} of {conversation} meant {intent}")


def _near(intent: str, known: frozenset[str]) -> str:
    import difflib

    near = difflib.get_close_matches(intent, known, n=2)
    return f"; did you mean {' or '.join(near)}?" if near else ""
