"""`kefu monitor report`: have the customers' messages moved away from the snapshot?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.monitor.snapshot import MOST, installed, of_training, read_again

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from nlu.drift import Drift, Snapshot

ALARMED = 3
"""The exit status when something has moved."""


def command(
    days: Annotated[float, typer.Option(min=0, help="How far back to go.")] = 7,
    html: Annotated[Path | None, typer.Option(help="Write a report with pictures to this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with every bin.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Messages to read at most, the latest first.")] = MOST,
) -> None:
    """Compare the last days' messages with the snapshot, by the model that serves. Exit status 3: something moved."""
    from nlu.drift_report import drift_report

    snapshot, drifts = _compared(days, limit)
    if html:
        html.write_text(drift_report(snapshot, drifts, days), "utf-8")
    if as_json:
        import json

        typer.echo(json.dumps([asdict(drift) for drift in drifts], ensure_ascii=False, indent=2))
    else:
        _print(snapshot, drifts)
    if any(drift.is_alarm for drift in drifts):
        raise typer.Exit(ALARMED)


def _compared(days: float, limit: int) -> tuple[Snapshot, list[Drift]]:
    from bot.database import open_database, upgrade
    from bot.models_folder import serving_folder
    from bot.settings import load_settings
    from bot.watching import find_snapshot, keep_snapshot
    from nlu.drift import Window
    from nlu.interpreter import Interpreter

    settings = load_settings()
    folder = serving_folder(settings)
    interpreter = Interpreter.load(folder)
    database = open_database(settings)
    upgrade(database)
    try:
        snapshot = find_snapshot(database, interpreter.metadata.version, folder)
        if snapshot is None:
            snapshot = of_training(interpreter, settings)
            keep_snapshot(database, snapshot, installed(settings))
        window = Window(snapshot, limit)
        for heard in read_again(interpreter, database, days, limit):
            window.hear(heard)
    finally:
        database.close()
    return snapshot, window.drifts(settings.nlu_drift_alarm)


def _print(snapshot: Snapshot, drifts: Sequence[Drift]) -> None:
    from rich.console import Console

    console = Console()
    console.print(_table(drifts))
    training = "the examples held out from training"
    whose = training if snapshot.source == "training" else f"customers' messages (snapshot of {snapshot.made})"
    console.print(f"Compared with {whose}, read by model {snapshot.model_version}.")
    if snapshot.source == "training":
        console.print("After some days that went well, `kefu monitor snapshot --days 7` makes a fairer comparison.")


def _table(drifts: Sequence[Drift]) -> Table:
    from rich.table import Table

    from nlu.drift_report import moved, verdict

    table = Table("measure", "language", "messages", "PSI", "by chance", "verdict", "what changed most")
    for drift in drifts:
        style = "bold red" if drift.is_alarm else None
        figures = (str(drift.messages), f"{drift.psi:.3f}", f"< {drift.noise:.3f}")
        table.add_row(drift.measure, drift.language or "all", *figures, verdict(drift), moved(drift), style=style)
    return table
