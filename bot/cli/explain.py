"""`kefu explain CONVERSATION TURN`, or `kefu explain --text "…"`: why the bot did what it did, or would read it so."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.text import Text

    from bot.settings import Settings
    from nlu.explanation import Explanation
    from nlu.nearest import Neighbour

NAME = "explain"


class Language(StrEnum):
    en = "en"
    zh = "zh"


def command(
    conversation: Annotated[
        str | None, typer.Argument(help="The conversation, <channel>:<sender>, e.g. rest:ada.")
    ] = None,
    turn: Annotated[int | None, typer.Argument(min=1, help="Which of its turns, counted from 1.")] = None,
    text: Annotated[str | None, typer.Option(help="Explain how the model reads this sentence, instead.")] = None,
    language: Annotated[Language, typer.Option(help="The language to explain in.")] = Language.en,
    neighbours: Annotated[int, typer.Option(min=0, help="How many training examples to name; 0 is faster.")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with every word's weight.")] = False,
) -> None:
    """Say what was understood and why: which words moved it, which examples are near; and what was decided and done."""
    from bot.settings import load_settings

    settings = load_settings()
    if text is not None and conversation is None:
        _show(settings, text, None, language, neighbours, as_json)
        return
    if conversation is None or turn is None or text is not None:
        raise typer.BadParameter('name a conversation and a turn, or give --text "…"')
    record, said = _stored(settings, conversation, turn)
    if record is None:
        typer.echo(f"No decision of turn {turn} in conversation '{conversation}' is stored.", err=True)
        raise typer.Exit(1)
    _show(settings, said, record, language, neighbours, as_json)


def _stored(settings: Settings, conversation: str, turn: int) -> tuple[dict[str, Any] | None, str | None]:
    """The decision record of the turn, and what the customer wrote."""
    from bot.conversation.tracker_store import decision, message_of
    from bot.database import open_database, upgrade

    database = open_database(settings)
    upgrade(database)
    try:
        with database.read() as connection:
            return decision(connection, conversation, turn), message_of(connection, conversation, turn)
    finally:
        database.close()


def _show(
    settings: Settings, text: str | None, record: dict[str, Any] | None, language: str, count: int, as_json: bool
) -> None:
    """`record` is told first, then how the model that serves reads the text."""
    from rich.console import Console

    from bot.dialogue.evidence import evidence
    from bot.dialogue.telling import told

    explanation, near = (
        _explained(settings, text, record["language"] if record else None, count) if text else (None, [])
    )
    if as_json:
        _print_json(record, explanation, near)
        return
    console = Console(highlight=False, soft_wrap=True)
    for sentence in told(record, language) if record else ():
        console.print(sentence, markup=False)
    if explanation:
        console.print(_coloured(explanation))
        for sentence in evidence(explanation, near, language):
            console.print(sentence, markup=False)


def _explained(settings: Settings, text: str, hint: Any, count: int) -> tuple[Explanation, list[Neighbour]]:
    from bot.models_folder import serving_folder
    from nlu.explanation import explain
    from nlu.interpreter import Interpreter

    interpreter = Interpreter.load(serving_folder(settings))
    explanation = explain(interpreter, text, hint)
    return explanation, _near(settings, interpreter, explanation, count) if count else []


def _near(settings: Settings, interpreter: Any, explanation: Explanation, count: int) -> list[Neighbour]:
    """Nothing when the assistant has no training examples of its own."""
    from rich.console import Console
    from rich.progress import Progress

    from nlu.nearest import training_examples

    data, language = settings.assistant_dir / "nlu", explanation.language
    if not data.is_dir():
        return []
    with Progress(transient=True, console=Console(stderr=True)) as bar:
        task = bar.add_task("reading the training examples (once)", total=None)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        examples = training_examples(interpreter, data, language, settings.models / ".examples", report)
    return examples.nearest(interpreter.embed([explanation.text], language)[0].tolist(), count)


def _coloured(explanation: Explanation) -> Text:
    """The text, each word on green as far as it spoke for the intent, on red as far as it spoke against it."""
    from rich.text import Text

    most = max((abs(word.weight) for word in explanation.words), default=0.0) or 1.0
    shown = Text(explanation.text)
    for word in explanation.words:
        share = abs(word.weight) / most
        if share >= 0.05:
            shade = round(40 + 120 * share)
            ground = f"rgb(0,{shade},0)" if word.weight > 0 else f"rgb({shade},0,0)"
            shown.stylize(f"white on {ground}", word.start, word.end)
    return shown.append(f"  → {explanation.intent} {explanation.confidence:.0%}", "bold")


def _print_json(record: dict[str, Any] | None, explanation: Explanation | None, near: list[Neighbour]) -> None:
    import json

    body = {
        "decision": record,
        "explanation": asdict(explanation) if explanation else None,
        "neighbours": [asdict(one) for one in near],
    }
    typer.echo(
        json.dumps({name: value for name, value in body.items() if value is not None}, ensure_ascii=False, indent=2)
    )
