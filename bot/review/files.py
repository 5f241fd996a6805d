"""The review queue as files, and back: JSONL, one message a line, or Rasa YAML, ready for training once it is reviewed.

    {"id": 7, "text": …, "language": "en", "reason": "fallback", "guess": …, "confidence": 0.41, "intent": null,
     "topic": "new_gift_wrap"}

In JSONL, a reviewer fills in `intent` and drops or leaves the rest; a line whose `intent` is null is left waiting, and
one whose `intent` is "-" is dismissed. In YAML, the blocks are named by what an agent said, by a suggested topic, or by
the model's guess; a reviewer moves, renames and deletes lines.
"""

import difflib
import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.conversation.review_queue import Waiting
from bot.review.suggesting import Topic
from nlu.components.normalizer import fold
from nlu.dataset import read_examples, read_utf8
from nlu.errors import DatasetError

DISMISSED = "-"
_VERSION, _LIST = 'version: "3.1"\n', "nlu:\n"
_HAS_LIST = re.compile(r"^nlu:", re.MULTILINE)
_FIRST_BLOCK = re.compile(r"^( *)- ", re.MULTILINE)


@dataclass(frozen=True)
class Reviewed:
    """A message that a person has looked at; `intent` is DISMISSED where nothing is to be learned from it."""

    text: str
    intent: str
    where: str
    id: int | None = None


def write_queue(file: Path, waiting: Sequence[Waiting], topics: Sequence[Topic]) -> None:
    """JSONL if the file's name ends in .jsonl, else Rasa YAML."""
    topic_of = {one.id: topic.name for topic in topics for one in topic.messages}
    if file.suffix == ".jsonl":
        lines = [json.dumps({**_plain(one), "topic": topic_of.get(one.id)}, ensure_ascii=False) for one in waiting]
        _put(file, "".join(f"{line}\n" for line in lines))
        return
    blocks: dict[str, list[str]] = {}
    for one in waiting:
        blocks.setdefault(one.intent or topic_of.get(one.id) or one.guess or "unknown", []).append(one.text)
    write_examples(file, blocks)


def read_reviewed(file: Path, known: Collection[str] | None) -> list[Reviewed]:
    """What a person made of the queue. Raises DatasetError with file and line, also for an intent that is not
    known; None takes every name."""
    if not file.is_file():
        raise DatasetError(f"{file}: no such file; name what `kefu data review --out` wrote")
    found = list(_read_jsonl(file) if file.suffix == ".jsonl" else _read_yaml(file))
    for one in found:
        if known is not None and one.intent not in known and one.intent != DISMISSED:
            near = difflib.get_close_matches(one.intent, known, n=1)
            hint = f"did you mean '{near[0]}'? Else name" if near else "name"
            raise DatasetError(
                f"{one.where}: intent '{one.intent}' is not in the domain; {hint} it under `intents:`, or use "
                "--new-intents"
            )
    return found


def merge_examples(file: Path, reviewed: Sequence[Reviewed]) -> int:
    """Adds the texts that `file` (made when it is not there) does not have, as blocks at its end; returns how many.

    What stood there stays as it is, comments and entity marks too. Raises DatasetError and leaves the file alone when
    its end is no place for blocks.
    """
    there = [(one.label, _key(one.text)) for one in (read_examples(file, "nlu") if file.is_file() else [])]
    known = set(there)
    blocks: dict[str, list[str]] = {}
    for one in reviewed:
        if (one.intent, _key(one.text)) not in known:
            known.add((one.intent, _key(one.text)))
            blocks.setdefault(one.intent, []).append(one.text)
    if blocks:
        _append(file, blocks, known)
    return len(known) - len(set(there))


def write_examples(file: Path, blocks: dict[str, list[str]]) -> None:
    """Rasa 3.1 NLU YAML; replaced as a whole."""
    _put(file, _VERSION + (_LIST + _yaml(blocks) if blocks else ""))


def _append(file: Path, blocks: dict[str, list[str]], wanted: set[tuple[str, str]]) -> None:
    """`wanted` is what the file must hold afterwards."""
    before = read_utf8(file) if file.is_file() else _VERSION
    before += "" if before.endswith("\n") else "\n"
    if not _HAS_LIST.search(before):
        before += _LIST
    indent = found.group(1) if (found := _FIRST_BLOCK.search(before)) else ""
    draft = _draft(file, before + _yaml(blocks, indent))
    try:
        is_whole = {(one.label, _key(one.text)) for one in read_examples(draft, "nlu")} == wanted
    except DatasetError:
        is_whole = False
    if not is_whole:
        draft.unlink()
        raise DatasetError(f"{file}: `nlu:` must stand last in it to add examples at its end; or name another --into")
    draft.replace(file)


def _yaml(blocks: dict[str, list[str]], indent: str = "") -> str:
    return "".join(
        f"{indent}- intent: {name}\n{indent}  examples: |\n"
        + "".join(f"{indent}    - {one_line(text)}\n" for text in texts)
        for name, texts in sorted(blocks.items())
    )


def _put(file: Path, content: str) -> None:
    _draft(file, content).replace(file)


def _draft(file: Path, content: str) -> Path:
    draft = file.with_name(f".{file.name}")
    try:
        draft.write_text(content, "utf-8")
    except OSError as error:
        raise DatasetError(f"{file}: cannot be written: {error.strerror}; is its folder there?") from error
    return draft


def _read_jsonl(file: Path) -> Iterator[Reviewed]:
    for number, line in enumerate(read_utf8(file).split("\n"), start=1):
        if line.strip() and (one := _reviewed(line, f"{file}:{number}")):
            yield one


def _reviewed(line: str, where: str) -> Reviewed | None:
    try:
        raw = json.loads(line)
        text, intent = raw["text"], raw.get("intent")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DatasetError(f"{where}: not a JSON object with `text` and `intent`: {error}") from error
    if intent is None:
        return None
    if not (isinstance(text, str) and text.strip() and isinstance(intent, str) and intent.strip()):
        raise DatasetError(f"{where}: `text` and `intent` must be words, or `intent` null to leave it waiting")
    number = raw.get("id")
    return Reviewed(text, intent.strip(), where, number if isinstance(number, int) else None)


def _read_yaml(file: Path) -> Iterator[Reviewed]:
    return (Reviewed(one.text, one.label, one.where) for one in read_examples(file, "nlu"))


def _plain(one: Waiting) -> dict[str, Any]:
    return {name: value for name, value in asdict(one).items() if name != "said_at"}


def one_line(text: str) -> str:
    """One line, in which nothing is read as Rasa's mark of an entity."""
    return " ".join(text.split()).replace("](", "] (").replace("]{", "] {")


def _key(text: str) -> str:
    return fold(one_line(text)).lower()
