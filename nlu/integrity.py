"""Whether the files of a model are those that were saved: sha256 of every file."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from nlu.errors import ModelTampered, RegistryError

METADATA_FILE = "metadata.json"
_NOT_THE_MODEL = frozenset({".md"})
"""What is written for people to read may be edited."""


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sha256s(directory: Path) -> dict[str, str]:
    """sha256 by path of every file that makes the model: all but its metadata and what is written for people."""
    files = sorted(path for path in directory.rglob("*") if path.is_file() and _counts(path.relative_to(directory)))
    with ThreadPoolExecutor(2) as pool:  # hashing lets go of the interpreter lock
        return {str(path.relative_to(directory).as_posix()): digest for path, digest in _hashed(pool, files)}


def verify(directory: Path, expected: Mapping[str, str]) -> None:
    """Raises ModelTampered naming the first file that is missing, differs or was added. Takes about 70 ms."""
    found = sha256s(directory)
    for name, digest in expected.items():
        if name not in found:
            raise ModelTampered(directory / name, "is missing")
        if found[name] != digest:
            raise ModelTampered(directory / name, "is not the file that was saved (its sha256 differs)")
    for name in found.keys() - expected.keys():
        raise ModelTampered(directory / name, "does not belong to the model")


def fingerprint(directory: Path) -> str:
    """Twelve signs that are the same for the same files: the version of a newly trained model."""
    return sha256_of("\n".join(f"{name} {digest}" for name, digest in sha256s(directory).items()).encode())[:12]


@contextmanager
def replacing(directory: Path) -> Iterator[Path]:
    """An empty folder that takes the place of the model in `directory` when the block ends well.

    Until then, and for good when the block raises, the model that is there stays whole. What a person wrote beside it
    stays. Raises RegistryError, before the block, where `directory` holds something that is no model.
    """
    if directory.is_mount():
        raise RegistryError(f"{directory} is a mount and cannot be replaced; name a folder in it")
    if directory.exists() and not (directory / METADATA_FILE).is_file() and any(directory.iterdir()):
        raise RegistryError(f"{directory} holds something that is no model; name a new folder, or remove what is there")
    directory = directory.absolute()
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{directory.name}-", dir=directory.parent) as beside:
        new, old = Path(beside) / "new", Path(beside) / "old"
        new.mkdir()  # one that others may read, which a temporary directory is not
        yield new
        for words in directory.glob("*.md"):
            if not (new / words.name).exists():
                shutil.copy2(words, new)
        if directory.exists():
            directory.rename(old)
        new.rename(directory)


def _counts(path: Path) -> bool:
    is_hidden = any(part.startswith(".") for part in path.parts)
    return not is_hidden and path.suffix not in _NOT_THE_MODEL and path.as_posix() != METADATA_FILE


def _hashed(pool: ThreadPoolExecutor, files: list[Path]) -> "zip[tuple[Path, str]]":
    return zip(files, pool.map(_digest, files), strict=True)


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
