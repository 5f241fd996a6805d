"""`kefu monitor snapshot`: how messages are spread while all is well, for later ones to be compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.database import Database
    from bot.settings import Settings
    from nlu.drift import Snapshot
    from nlu.interpreter import Interpreter
    from nlu.types import Understanding

DAY_SECONDS = 86_400
MOST = 5_000
"""Messages that are read at most: 20 seconds or so."""


def command(
    days: Annotated[
        float | None,
        typer.Option(min=0, help="Take the customers' messages of so many days; without it, held-out examples."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Messages to read at most, the latest first.")] = MOST,
) -> None:
    """Keep a snapshot for the model that serves. After some days of traffic that went well, take it from those."""
    from bot.database import open_database, upgrade
    from bot.models_folder import serving_folder
    from bot.settings import load_settings
    from bot.watching import keep_snapshot
    from nlu.drift import Snapshot
    from nlu.interpreter import Interpreter

    settings = load_settings()
    interpreter = Interpreter.load(serving_folder(settings))
    database = open_database(settings)
    upgrade(database)
    try:
        if days is None:
            snapshot = of_training(interpreter, settings)
        else:
            snapshot = Snapshot.of(read_again(interpreter, database, days, limit), "traffic")
        keep_snapshot(database, snapshot, installed(settings))
    finally:
        database.close()
    sizes = ", ".join(f"{count} {language}" for language, count in snapshot.messages.items())
    typer.echo(f"snapshot of model {snapshot.model_version} kept: {sizes} ({snapshot.source})")


def installed(settings: Settings) -> set[str]:
    """The versions of every model that lies in the models folder, and of the one that came with Kefu."""
    from bot.models_folder import registry_of

    entries = registry_of(settings).entries()
    return {entry.name for entry in entries} | {entry.metadata.version for entry in entries if entry.metadata}


def of_training(interpreter: Interpreter, settings: Settings) -> Snapshot:
    """Of the assistant's examples that are held out from training. Raises DatasetError when they are too few."""
    from bot.progress import counted
    from nlu.dataset import read_examples
    from nlu.drift import FEWEST
    from nlu.errors import DatasetError
    from nlu.snapshotting import training_snapshot

    data = settings.assistant_dir / "nlu"
    with counted("reading held-out examples") as report:
        snapshot = training_snapshot(interpreter, read_examples(data, "nlu"), report)
    if snapshot is None:
        raise DatasetError(f"{data}: fewer than {FEWEST} held-out examples; take a snapshot of traffic with --days")
    return snapshot


def read_again(interpreter: Interpreter, database: Database, days: float, limit: int) -> list[Understanding]:
    """What this model makes of the messages of the last days: then and now must have been read by the same one."""
    import time

    from bot.progress import counted
    from bot.stored_messages import stored_messages

    stored = list(stored_messages(database, time.time() - days * DAY_SECONDS, limit))
    heard = []
    with counted("reading messages") as report:
        for done, one in enumerate(stored, start=1):
            heard.append(interpreter.parse(one.text, hint=one.decision["language"]))
            report(done, len(stored))
    return heard
