"""The review queue as files, and back: JSONL, one message a line, or Rasa YAML, ready for training once it is reviewed.

    {"id": 7, "text": …, "language": "en", "reason": "fallback", "guess": …, "confidence": 0.41, "intent": null,
     "topic": "new_gift_wrap"}

In JSONL, a reviewer fills in `intent` and drops or leaves the rest; a line whose `intent` is null is left waiting, and
one whose `intent` is "-" is dismissed. In YAML, the blocks are named by what an agent said, by a suggested topic, or by
the model's guess; a reviewer moves, renames and deletes lines.
"""

import difflib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.conversation.review_queue import Waiting
from bot.review.suggesting import Topic
from nlu.components.normalizer import fold
from nlu.dataset import read_examples
from nlu.errors import DatasetError

DISMISSED = "-"
_HEAD = 'version: "3.1"\nnlu:\n'


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
        file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        return
    blocks: dict[str, list[str]] = {}
    for one in waiting:
        blocks.setdefault(one.intent or topic_of.get(one.id) or one.guess or "unknown", []).append(one.text)
    write_examples(file, blocks)


def read_reviewed(file: Path, known: Collection[str] | None) -> list[Reviewed]:
    """What a person made of the queue. Raises DatasetError with file and line, also for an intent that is not
    known; None takes every name."""
    found = list(_read_jsonl(file)) if file.suffix == ".jsonl" else _read_yaml(file)
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
    """Adds the texts to the examples in `file` (made when it is not there); returns how many were new."""
    blocks: dict[str, list[str]] = {}
    for example in read_examples(file, "nlu") if file.is_file() else []:
        blocks.setdefault(example.label, []).append(example.text)
    before = sum(map(len, blocks.values()))
    for one in reviewed:
        texts = blocks.setdefault(one.intent, [])
        if _key(one.text) not in {_key(text) for text in texts}:
            texts.append(one_line(one.text))
    write_examples(file, blocks)
    return sum(map(len, blocks.values())) - before


def write_examples(file: Path, blocks: dict[str, list[str]]) -> None:
    """Rasa 3.1 NLU YAML; replaced as a whole."""
    body = "".join(
        f"- intent: {name}\n  examples: |\n" + "".join(f"    - {one_line(text)}\n" for text in texts)
        for name, texts in sorted(blocks.items())
    )
    draft = file.with_name(f".{file.name}")
    draft.write_text(_HEAD + body if body else 'version: "3.1"\n', "utf-8")
    draft.replace(file)


def _read_jsonl(file: Path) -> Iterator[Reviewed]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{file}: cannot be read as UTF-8 text: {error}") from error
    for number, line in enumerate(lines, start=1):
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


def _read_yaml(file: Path) -> list[Reviewed]:
    if not file.is_file():
        raise DatasetError(f"{file}: no such file")
    return [Reviewed(one.text, one.label, one.where) for one in read_examples(file, "nlu")]


def _plain(one: Waiting) -> dict[str, Any]:
    return {name: value for name, value in asdict(one).items() if name != "said_at"}


def one_line(text: str) -> str:
    """One line, in which nothing is read as Rasa's mark of an entity."""
    return " ".join(text.split()).replace("](", "] (").replace("]{", "] {")


def _key(text: str) -> str:
    return fold(one_line(text)).lower()
