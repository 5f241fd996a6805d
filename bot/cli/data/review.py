"""`kefu data review`: what customers wrote that the bot was not sure of, for people to put right and to learn from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.conversation.review_queue import Waiting
    from bot.database import Database
    from bot.review.files import Reviewed
    from bot.review.suggesting import Topic
    from bot.settings import Settings
    from nlu.interpreter import Interpreter


def command(
    out: Annotated[Path | None, typer.Option(help="Write the queue to this file: .jsonl, or Rasa YAML (.yml).")] = None,
    accept: Annotated[
        Path | None, typer.Option(help="Take back a reviewed file: its texts become training examples.")
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(help="The file that accepted examples go to (default: nlu/reviewed.yml of the assistant)."),
    ] = None,
    new_intents: Annotated[
        bool, typer.Option("--new-intents", help="Accept intents that the assistant's domain does not name yet.")
    ] = False,
    limit: Annotated[int, typer.Option(min=0, help="How many messages to show.")] = 20,
) -> None:
    """Collect, show, export and take back messages worth learning from. Needs KEFU_REVIEW_RETENTION_DAYS."""
    from bot.database import open_database, upgrade
    from bot.models_folder import serving_folder
    from bot.review.collecting import require_retention
    from bot.settings import load_settings
    from nlu.interpreter import Interpreter

    settings = load_settings()
    database = open_database(settings)
    upgrade(database)
    try:
        if accept is None:
            _show(settings, database, Interpreter.load(serving_folder(settings)), out, limit)
            return
        require_retention(settings)
        target = into or settings.assistant_dir / "nlu" / "reviewed.yml"
        _accept(settings, database, Interpreter.load(serving_folder(settings)), accept, target, new_intents)
    finally:
        database.close()


def _show(settings: Settings, database: Database, interpreter: Interpreter, out: Path | None, limit: int) -> None:
    import time

    from rich.console import Console

    from bot.conversation import review_queue
    from bot.progress import counted
    from bot.review.collecting import collect
    from bot.review.files import write_queue
    from bot.review.suggesting import suggest

    with counted("collecting") as report:
        came = collect(settings, database, interpreter, report)
    since = time.time() - settings.review_retention_days * review_queue.DAY_SECONDS
    with database.read() as connection:
        waiting = review_queue.waiting(connection, since)
    topics = suggest(interpreter, waiting)
    if out:
        write_queue(out, waiting, topics)
    _print(Console(), waiting, topics, limit)
    reasons = ", ".join(f"{count} {reason}" for reason, count in review_queue.counts(waiting).items())
    typer.echo(f"{came} new, {len(waiting)} waiting" + (f": {reasons}" if reasons else ""))
    if out:
        typer.echo(f"written to {out}; review it, then `kefu data review --accept {out}`")


def _print(console: object, waiting: Sequence[Waiting], topics: Sequence[Topic], limit: int) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    assert isinstance(console, Console)
    if topics:
        table = Table("suggested intent", "language", "messages", "for example", title="No intent covers these yet")
        for topic in topics:
            examples = "\n".join(escape(one.text) for one in topic.messages[:3])
            table.add_row(topic.name, topic.language, str(len(topic.messages)), examples)
        console.print(table)
    if waiting and limit:
        table = Table("id", "why", "the model's guess", "an agent says", "message", title="Waiting for review")
        for one in waiting[:limit]:
            said = "\n".join(name for name in (one.intent, one.article) if name)
            table.add_row(str(one.id), one.reason, f"{one.guess} {one.confidence:.0%}", said, escape(one.text))
        console.print(table)


def _accept(
    settings: Settings, database: Database, interpreter: Interpreter, file: Path, target: Path, new_intents: bool
) -> None:
    """The examples are redacted once more: a reviewer may have typed what the queue never held."""
    from bot.conversation import review_queue
    from bot.dialogue.assistant import Assistant
    from bot.review.files import DISMISSED, merge_examples, one_line, read_reviewed

    known = None if new_intents else Assistant.load(settings.assistant_dir, languages=()).intents
    reviewed = read_reviewed(file, known)
    kept = [_redacted(interpreter, one) for one in reviewed if one.intent != DISMISSED]
    added = merge_examples(target, kept)
    with database.transaction() as session:
        connection = session.connection()
        ids = {one_line(one.text): one.id for one in review_queue.waiting(connection, 0.0)}
        for one in reviewed:
            number = one.id or ids.get(one.text)
            review_queue.settle(
                connection, "dismissed" if one.intent == DISMISSED else "accepted", [number] if number else []
            )
    typer.echo(f"{added} new examples in {target}; `kefu data lint`, then `kefu train`, teach them")


def _redacted(interpreter: Interpreter, one: Reviewed) -> Reviewed:
    from dataclasses import replace

    from bot.review.redaction import redact

    heard = interpreter.parse(one.text)
    return replace(one, text=redact(one.text, heard.entities, heard.language))
