"""Whether the files of a customer model are those that were saved: metadata.json holds the sha256 of every file.

The seal tells a truncated copy, a failing disk or a slip of the hand; whoever can write the folder can seal it again.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from knowledge.profiles.errors import ModelIncompatible, ModelTampered, NoModel

METADATA_FILE = "metadata.json"
CARD_FILE = "card.md"
FORMAT = 1


@dataclass(frozen=True)
class Metadata:
    """What a customer model says about itself."""

    fitted_at: str
    """UTC, ISO 8601."""
    code_version: str
    """The Kefu that fitted it."""
    source: str
    """`shop`, or the name of the file of transactions."""
    data_sha256: str
    """Fingerprint of all rows it learned from."""
    seed: int
    first_day: str
    cut: str
    """It learned from `first_day` ≤ rows < `cut` (ISO 8601)."""
    customers: int
    items: int
    lines: int
    parts: tuple[str, ...]
    """What could be fitted, of segmentation, prediction and recommendation."""
    problems: Mapping[str, str] = field(default_factory=dict)
    """Why a part could not be fitted, by part."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Rows that were not usable, by reason."""
    metrics: Mapping[str, Any] = field(default_factory=dict)
    """What a back-test found, by part."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """How long each part took to fit."""
    version: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


def sha256s(folder: Path) -> dict[str, str]:
    """sha256 by path of every file of the model; its metadata and the card are not among them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: _sha256(path) for name, path in names.items() if name not in (METADATA_FILE, CARD_FILE)}


def seal(folder: Path, metadata: Metadata) -> None:
    """Write metadata.json, sealed."""
    said = asdict(metadata)
    text = json.dumps({"format": FORMAT, **said, "seal": _seal(said)}, indent=2, ensure_ascii=False)
    (folder / METADATA_FILE).write_text(text + "\n", "utf-8")


def read_metadata(folder: Path) -> Metadata:
    """What the model says of itself, its files unread. Raises ProfileError."""
    file = folder / METADATA_FILE
    try:
        said = json.loads(file.read_text("utf-8"))
        if said["format"] != FORMAT:
            raise ModelIncompatible(f"{folder} has format {said['format']}, this Kefu reads {FORMAT}: `kefu crm fit`")
        said.pop("format")
        expected = said.pop("seal")
        metadata = Metadata(**{**said, "parts": tuple(said["parts"])})
    except FileNotFoundError:
        raise NoModel(f"{folder} holds no customer model; fit one with `kefu crm fit`") from None
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, ModelIncompatible):
            raise
        raise ModelTampered(file, "is damaged") from error
    if _seal(said) != expected:
        raise ModelTampered(file, "was changed after it was sealed")
    return metadata


def verified(folder: Path) -> Metadata:
    """What the model says of itself, every file checked. Raises ModelTampered naming the first file that is wrong."""
    metadata = read_metadata(folder)
    found = sha256s(folder)
    for name, digest in metadata.files.items():
        if name not in found:
            raise ModelTampered(folder / name, "is missing")
        if found[name] != digest:
            raise ModelTampered(folder / name, "is not the file that was saved (its sha256 differs)")
    for name in found.keys() - metadata.files.keys():
        raise ModelTampered(folder / name, "does not belong to the model")
    return metadata


def fingerprint(files: Mapping[str, str]) -> str:
    """Twelve signs that are the same for the same files."""
    return hashlib.sha256("\n".join(f"{name} {digest}" for name, digest in files.items()).encode()).hexdigest()[:12]


def _seal(said: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
