"""Whether customers write what the model was measured on: the snapshot that counts, and the last messages against it.

A snapshot of real traffic (`kefu monitor snapshot --days N`) is kept in the database, for all processes; until there is
one, the snapshot that training stored with the model counts.
"""

import logging
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text

from bot.database import Database
from nlu.drift import ALARM, WINDOW, Drift, Snapshot, Window
from nlu.errors import NluError
from nlu.types import Understanding

log = logging.getLogger("kefu.watching")

_NAME = "nlu_snapshot_{model}"
_READ = text("SELECT value FROM instance WHERE name = :name")
_KEEP = text(
    "INSERT INTO instance (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = :value"
)
_KEPT = text("SELECT name FROM instance WHERE name LIKE 'nlu!_snapshot!_%' ESCAPE '!'")
_FORGET = text("DELETE FROM instance WHERE name = :name")


def keep_snapshot(database: Database, snapshot: Snapshot, models: Collection[str]) -> None:
    """In place of the one that was kept for the same model.

    `models` are the versions that are installed: what was kept for another goes, nothing will be compared with it.
    """
    name = _NAME.format(model=snapshot.model_version)
    stays = {name, *(_NAME.format(model=model) for model in models)}
    with database.transaction() as session:
        session.execute(_KEEP, {"name": name, "value": snapshot.to_json()})
        for kept in session.execute(_KEPT).scalars().all():
            if kept not in stays:
                session.execute(_FORGET, {"name": kept})


def find_snapshot(database: Database, model_version: str, folder: Path) -> Snapshot | None:
    """The kept one, else the one beside the model in `folder`. Raises ModelIncompatible for one that is unreadable."""
    name = _NAME.format(model=model_version)
    with database.read() as connection:
        kept = connection.execute(_READ, {"name": name}).scalar()
    if kept:
        return Snapshot.from_json(kept, f"the database ({name})")
    beside = Snapshot.beside(folder)
    return beside and replace(beside, model_version=model_version)  # a model may be renamed when it is adopted


class Watch:
    """The messages that this process heard lately. Any thread may use it; without a snapshot it tells nothing."""

    def __init__(self, database: Database, alarm: float = ALARM, size: int = WINDOW) -> None:
        self._database = database
        self._alarm = alarm
        self._size = size
        self._model: tuple[str, Path] | None = None
        self._window: Window | None = None

    def follow(self, model_version: str, folder: Path) -> None:
        """From now on this model's messages are watched; those of the one before are forgotten. Where the database
        cannot be read it raises, and nothing has changed."""
        snapshot = self._snapshot(model_version, folder)
        self._model = model_version, folder
        self._window = Window(snapshot, self._size) if snapshot else None

    def renew(self) -> None:
        """Take up a snapshot that was made since. One that cannot be read is no reason not to serve."""
        snapshot = self._snapshot(*self._model) if self._model else None
        if snapshot and (self._window is None or self._window.snapshot.made != snapshot.made):
            self._window = Window(snapshot, self._size)

    def _snapshot(self, model_version: str, folder: Path) -> Snapshot | None:
        try:
            return find_snapshot(self._database, model_version, folder)
        except NluError as error:
            log.warning("drift is not watched: %s", error)
            return None

    def hear(self, heard: Understanding) -> None:
        if window := self._window:
            window.hear(heard)

    def drifts(self) -> list[Drift]:
        return window.drifts(self._alarm) if (window := self._window) else []
