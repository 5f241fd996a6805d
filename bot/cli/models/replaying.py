"""`kefu models replay`: which decisions of the last days another model would have made."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.models.listing import open_registry

if TYPE_CHECKING:
    from rich.table import Table

    from bot.replay import Change, Record, Report

CHANGED = 3
"""The exit status when more turns change than are allowed to."""
DAY_SECONDS = 86_400


def replay(
    candidate: Annotated[str, typer.Option(help="A name from `kefu models list`.")],
    days: Annotated[float, typer.Option(min=0, help="How far back to go.")] = 7,
    json: Annotated[
        Path | None, typer.Option("--json", help="Write every changed turn, with all decision records, to this file.")
    ] = None,
    allow: Annotated[
        float, typer.Option(min=0, max=1, help="The share of turns that may change; beyond it the exit status is 3.")
    ] = 0.0,
    limit: Annotated[int, typer.Option(help="How many changed turns to list at most.")] = 50,
) -> None:
    """Replay stored conversations through a candidate; list every turn whose decision would change. Writes nothing."""
    from rich.console import Console

    report = _replayed(candidate, datetime.now(UTC).timestamp() - days * DAY_SECONDS)
    Console().print(_table(report, limit))
    if json:
        import orjson

        json.write_bytes(orjson.dumps(asdict(report), option=orjson.OPT_INDENT_2))
        typer.echo(f"written to {json}; it holds what customers wrote")
    typer.echo(
        f"{len(report.changes)} of {report.turns} turns would be decided otherwise by {candidate} than by the model "
        f"that serves; that one itself would decide {report.moved} otherwise today than was recorded"
    )
    if len(report.changes) > allow * report.turns:
        raise typer.Exit(CHANGED)


def _replayed(candidate: str, since: float) -> Report:
    """Logs nothing: what an action complains about may hold what a customer wrote."""
    import logging

    from rich.progress import Progress

    from bot.database import open_database, require_current
    from bot.models_folder import serving_folder
    from bot.replay import Replay
    from bot.settings import load_settings
    from nlu.interpreter import Interpreter

    logging.disable(logging.CRITICAL)
    settings, registry = load_settings(), open_registry()
    models = [
        Interpreter.load(folder, max_error_rate=settings.nlu_max_error_rate)
        for folder in (serving_folder(settings), registry.folder(candidate))
    ]
    database = open_database(settings)
    try:
        require_current(database)
        replay = Replay(settings, database, models[0], models[1])
        with Progress(transient=True) as progress:
            task = progress.add_task("replaying", total=replay.count(since))
            return replay.run(since, lambda done: progress.update(task, advance=done))
    finally:
        database.close()
        logging.disable(logging.NOTSET)


def _table(report: Report, limit: int) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table("conversation", "turn", "customer", "recorded", "serving", "candidate", "differs in")
    for change in report.changes[:limit]:
        decisions = (_decided(record) for record in (change.recorded, change.before, change.after))
        table.add_row(*_said(change), escape(change.text), *decisions, ", ".join(change.kinds))
    if len(report.changes) > limit:
        table.caption = f"{len(report.changes) - limit} more; --limit or --json shows them"
    return table


def _said(change: Change) -> tuple[str, str]:
    return change.conversation_id, str(change.turn)


def _decided(record: Record) -> str:
    guess = next(iter(record["intents"]), None)
    read = f"{guess['intent']} {guess['confidence']:.0%}" if guess else "–"
    steps = "; ".join(f"{step['policy']}: {step['action']}" for step in record["steps"])
    return f"{read}\n{steps}"
