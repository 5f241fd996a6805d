"""The customer models of an installation: one folder a version, and one small file that says which of them serves.

    var/crm/                    KEFU_CRM_DIR
      current.json              {"serving": [version, …]}: the last serves, a rollback goes to the one before
      20261120-031500-8f3a…/    metadata.json (sealing.py), card.md (card.py), segmentation/, prediction/, …

A version is written beside the others and moved into place; current.json is replaced in one step. A crash leaves
the old state or the new one, never half. Of the versions that serve no more the last few are kept.
"""

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.profiles.card import card
from knowledge.profiles.errors import NoModel, ProfileError
from knowledge.profiles.sealing import (
    CARD_FILE,
    METADATA_FILE,
    Metadata,
    fingerprint,
    read_metadata,
    seal,
    sha256s,
    verified,
)

CURRENT_FILE = "current.json"
LOCK_FILE = ".fitting.lock"
KEPT = 7
"""Versions that stay: a week of nightly refits."""


@dataclass(frozen=True)
class Entry:
    """A version as `kefu crm list` shows it. `problem` says why it could not serve."""

    version: str
    metadata: Metadata | None
    problem: str = ""


class Artefacts:
    """A folder of customer models. Nothing is kept in memory: another process may fit at any time."""

    def __init__(self, root: Path) -> None:
        """`root` need not exist yet."""
        self.root = root

    # ---- reading ----

    @property
    def current(self) -> str | None:
        """The version that serves; None before the first fit. Raises ProfileError when current.json can't be read."""
        serving = self._serving()
        return serving[-1] if serving else None

    def stamp(self) -> tuple[int, ...]:
        """Changes whenever another version serves; cheap enough to ask every second."""
        try:
            seen = (self.root / CURRENT_FILE).stat()
        except FileNotFoundError:
            return ()
        return seen.st_mtime_ns, seen.st_ino, seen.st_size

    def folder(self, version: str | None = None) -> Path:
        """Where a version lies; None is the one that serves. Raises NoModel, naming those there are."""
        version = version or self.current
        if version is None:
            raise NoModel(f"there is no customer model in {self.root} yet: `kefu crm fit`")
        folder = self.root / version
        if folder.parent != self.root or not (folder / METADATA_FILE).is_file():
            known = ", ".join(entry.version for entry in self.entries()) or "none"
            raise NoModel(f"there is no customer model '{version}' in {self.root}; there are: {known}")
        return folder

    def entries(self) -> list[Entry]:
        """Oldest first: a version's name begins with its time."""
        return [_entry(file.parent) for file in sorted(self.root.glob(f"[!.]*/{METADATA_FILE}"))]

    # ---- changing ----

    def add(self, save: Callable[[Path], None], metadata: Metadata) -> str:
        """A new version: `save` writes its files into an empty folder. It serves from now on; returns its name."""
        self.root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".fitting-", dir=self.root) as parent:
            folder = Path(parent) / "model"
            folder.mkdir()  # one that others may read, which a temporary directory is not
            save(folder)
            files = sha256s(folder)
            version = f"{_stem(metadata.fitted_at)}-{fingerprint(files)}"
            sealed = replace(metadata, version=version, files=files)
            seal(folder, sealed)
            (folder / CARD_FILE).write_text(card(sealed), "utf-8")
            with self._alone():
                if not (self.root / version).exists():
                    folder.rename(self.root / version)
                self._write([*(one for one in self._serving() if one != version), version])
                self._tidy()
        return version

    @contextmanager
    def fitting(self) -> Iterator[None]:
        """One fit at a time, from its first look at the data to the last profile. Raises ProfileError for another."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / LOCK_FILE).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ProfileError(f"another fit into {self.root} is running; try again when it is done") from None
            yield

    def rollback(self) -> str:
        """The version that served before serves again; returns it. Raises ProfileError when there is none that can."""
        with self._alone():
            serving = self._serving()
            if len(serving) < 2:
                raise ProfileError("nothing to roll back to: there is no earlier customer model (`kefu crm list`)")
            verified(self.folder(serving[-2]))
            self._write(serving[:-1])
        return serving[-2]

    def _serving(self) -> list[str]:
        file = self.root / CURRENT_FILE
        try:
            return [str(version) for version in json.loads(file.read_text("utf-8"))["serving"]]
        except FileNotFoundError:
            return []
        except (ValueError, KeyError, TypeError) as error:
            raise ProfileError(f"{file} is damaged; remove it and run `kefu crm fit`") from error

    def _tidy(self) -> None:
        """Remove all but the last KEPT versions; the one that serves is always the last."""
        keep = self._serving()[-KEPT:]
        self._write(keep)
        for entry in self.entries():
            if entry.version not in keep:
                shutil.rmtree(self.root / entry.version, ignore_errors=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Whoever else wants to change the folder waits; a lock dies with its owner."""
        self.root.mkdir(parents=True, exist_ok=True)
        directory = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.flock(directory, fcntl.LOCK_EX)
            yield
        finally:
            os.close(directory)

    def _write(self, serving: list[str]) -> None:
        """All or nothing, also when the power goes."""
        draft = self.root / f".{CURRENT_FILE}.{os.getpid()}"
        with draft.open("w", encoding="utf-8") as file:
            file.write(json.dumps({"serving": serving}, indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.root / CURRENT_FILE)


def _stem(fitted_at: str) -> str:
    """2026-11-20T03:15:00+00:00 → 20261120-031500"""
    return fitted_at[:19].replace("-", "").replace(":", "").replace("T", "-")


def _entry(folder: Path) -> Entry:
    metadata = None
    with contextlib.suppress(ProfileError):
        metadata = read_metadata(folder)
    try:
        return Entry(folder.name, verified(folder))
    except ProfileError as error:
        return Entry(folder.name, metadata, str(error))
