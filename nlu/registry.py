"""The models of an installation: one folder a version, and one small file that says which of them serves.

    models/                 KEFU_MODELS
      current.json          what was promoted and rolled back, in order; the last word says what serves
      062b7725ef1d/         a version: metadata.json, MODEL_CARD.md, en/…, zh/…
      8f3a…/

`current.json` is replaced in one step, so a crash leaves the old one or the new one, never half. Before the first
promotion, and after everything is rolled back, the model that came with Kefu serves; its name is `default`.
"""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from nlu.errors import ModelNotFound, NluError, RegistryError
from nlu.integrity import METADATA_FILE, sha256_of
from nlu.metadata import Metadata, load_metadata
from nlu.model_card import write_card
from nlu.versions import now

DEFAULT = "default"
CURRENT = "current"
CURRENT_FILE = "current.json"
_NAME = re.compile(r"\w[\w.-]{0,63}")


@dataclass(frozen=True)
class Change:
    """One entry of the history: `version` was promoted, or left again by a rollback."""

    did: Literal["promoted", "rolled back"]
    version: str
    at: str
    gates: Mapping[str, Any] = field(default_factory=dict)
    forced: str | None = None
    """Why it was promoted although a gate had fallen."""


@dataclass(frozen=True)
class Entry:
    """A version as `kefu models list` shows it. `problem` says why it could not serve."""

    name: str
    folder: Path
    metadata: Metadata | None
    problem: str = ""


class Registry:
    """A models folder. Nothing is kept in memory: another process may promote at any time."""

    def __init__(self, root: Path, default: Path) -> None:
        """`default` is the folder of the model that came with Kefu. `root` need not exist yet."""
        self.root = root
        self._default = default

    # ---- reading ----

    @property
    def current(self) -> str:
        """The version that serves, or DEFAULT. Raises RegistryError when current.json cannot be read."""
        return _serving(self.history())[-1]

    @property
    def previous(self) -> str:
        """The version that a rollback would lead to. Raises RegistryError when there is none."""
        serving = _serving(self.history())
        if len(serving) == 1:
            raise RegistryError("nothing to roll back: the model that came with Kefu serves")
        return serving[-2]

    def history(self) -> list[Change]:
        """Oldest first. Raises RegistryError."""
        file = self.root / CURRENT_FILE
        try:
            return [Change(**change) for change in json.loads(file.read_text("utf-8"))["history"]]
        except FileNotFoundError:
            return []
        except (ValueError, TypeError, KeyError) as error:
            raise RegistryError(
                f"{file} is damaged ({error}); remove it to serve the model that came with Kefu, then promote again"
            ) from error

    def stamp(self) -> tuple[int, ...]:
        """Changes whenever the version that serves was changed; cheap enough to ask every second."""
        try:
            seen = (self.root / CURRENT_FILE).stat()
        except FileNotFoundError:
            return ()
        return seen.st_mtime_ns, seen.st_ino, seen.st_size

    def folder(self, version: str) -> Path:
        """Where the version lies; `current` is the one that serves. Raises ModelNotFound, naming those there are."""
        version = self.current if version == CURRENT else version
        if version == DEFAULT:
            return self._default
        folder = self.root / version
        if folder.parent != self.root or not (folder / METADATA_FILE).is_file():
            known = ", ".join(entry.name for entry in self.entries())
            raise ModelNotFound(f"there is no model '{version}' in {self.root}; there are {known} (`kefu models list`)")
        return folder

    def entries(self) -> list[Entry]:
        """The shipped model, then the others, oldest first."""
        folders = (file.parent for file in self.root.glob(f"[!.]*/{METADATA_FILE}"))
        others = [_entry(folder.name, folder) for folder in folders]
        return [_entry(DEFAULT, self._default), *sorted(others, key=_age)]

    # ---- changing ----

    @contextmanager
    def new(self) -> Iterator[Path]:
        """An empty folder to train into; `adopt` makes a version of it, else it goes with the block."""
        self.root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".training-", dir=self.root) as parent:
            folder = Path(parent) / "model"
            folder.mkdir()  # one that others may read, which a temporary directory is not
            yield folder

    def adopt(self, folder: Path) -> str:
        """Make the model in `folder` a version of this registry, with a model card; returns its name.

        The folder is moved when it lies below `root` (see `new`), else copied. Raises what `load_metadata` raises.
        """
        metadata = load_metadata(folder)
        name = self._name_for(metadata)
        if (self.root / name).exists():
            return name  # the very same model is here already
        self.root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".adopting-", dir=self.root) as parent:
            inside = Path(parent) / name
            if self.root in folder.parents:
                folder.rename(inside)
            else:
                shutil.copytree(folder, inside)
            write_card(replace(metadata, version=name).save(inside), inside)
            inside.rename(self.root / name)
        return name

    def promote(self, version: str, gates: Mapping[str, Any] | None = None, forced: str | None = None) -> None:
        """From now on `version` serves. The gates are the caller's to ask; what they said is kept.

        Raises what `load_metadata` raises: a damaged model is never promoted.
        """
        load_metadata(self.folder(version))
        with self._alone():
            if version in (CURRENT, self.current):
                raise RegistryError(f"'{version}' serves already")
            self._write([*self.history(), Change("promoted", version, now(), gates or {}, forced)])

    def rollback(self) -> str:
        """The version that served before serves again; returns it. Raises RegistryError when there is none before."""
        with self._alone():
            before = self.previous
            load_metadata(self.folder(before))
            self._write([*self.history(), Change("rolled back", self.current, now())])
        return before

    def _name_for(self, metadata: Metadata) -> str:
        """The model's own version; where that is taken by another model, a name made of all it says."""
        there = self.root / metadata.version
        is_free = _NAME.fullmatch(metadata.version) and not there.exists()
        if is_free or _essence(_entry("", there).metadata) == _essence(metadata):
            return metadata.version
        return sha256_of(json.dumps(_essence(metadata), sort_keys=True).encode())[:12]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Whoever else wants to change the history waits, in this process or another; a lock dies with its owner."""
        import fcntl  # not everywhere; reading a models folder does without

        self.root.mkdir(parents=True, exist_ok=True)
        directory = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.flock(directory, fcntl.LOCK_EX)
            yield
        finally:
            os.close(directory)

    def _write(self, history: list[Change]) -> None:
        """All or nothing, also when the power goes."""
        self.root.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"history": [asdict(change) for change in history]}, indent=2, ensure_ascii=False)
        draft = self.root / f".{CURRENT_FILE}.{os.getpid()}"
        with draft.open("w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.root / CURRENT_FILE)
        directory = os.open(self.root, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def _serving(history: list[Change]) -> list[str]:
    """What served, oldest first, without what was rolled back; the last serves now."""
    stack = [DEFAULT]
    for change in history:
        if change.did == "promoted":
            stack.append(change.version)
        elif len(stack) > 1:
            stack.pop()
    return stack


def _essence(metadata: Metadata | None) -> dict[str, Any] | None:
    """What makes a model behave as it does."""
    if metadata is None:
        return None
    said = asdict(metadata)
    return {name: value for name, value in said.items() if name not in ("version", "origin", "figures", "gates")}


def _entry(name: str, folder: Path) -> Entry:
    try:
        return Entry(name, folder, load_metadata(folder))
    except NluError as error:
        return Entry(name, folder, None, str(error))


def _age(entry: Entry) -> tuple[str, str]:
    return (entry.metadata.origin.created if entry.metadata else "", entry.name)
