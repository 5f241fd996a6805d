"""Presidio's synthetic sentences with personal data (presidio_synth_v2.jsonl.gz), for the types that are our kinds too.

Every template belongs to one of two parts, by its number: `look` is for people who mend rules, `test` for the figure.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from nlu.errors import DatasetError
from nlu.interpreter import Interpreter
from nlu.types import Entity

FILE = "presidio_synth_v2.jsonl.gz"
Part = Literal["look", "test"]


@dataclass(frozen=True)
class PiiSpan:
    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class PiiText:
    text: str
    part: Part
    spans: tuple[PiiSpan, ...]


@dataclass
class TypeScore:
    """One type's counts: spans in the texts, those found at all (overlap) and exactly, and our own finds, but for the
    postcodes of addresses, which are marked as one span."""

    spans: int = 0
    overlapping: int = 0
    exact: int = 0
    found: int = 0
    found_right: int = 0
    """Of our finds, those that overlap a span of the type."""

    @property
    def recall(self) -> float:
        return self.overlapping / self.spans if self.spans else 1.0

    @property
    def exact_recall(self) -> float:
        return self.exact / self.spans if self.spans else 1.0

    @property
    def precision(self) -> float:
        return self.found_right / self.found if self.found else 1.0


def shared_types() -> dict[str, str]:
    """Presidio's type → our kind, from the reviewed mapping."""
    mapping: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("pii.yml").read_text("utf-8"))
    return dict(mapping["shared"])


def read_pii(folder: Path) -> list[PiiText]:
    """Every text, with the spans of shared types. Raises DatasetError with file and line."""
    file, types = folder / FILE, shared_types()
    if not file.is_file():
        raise DatasetError(f"{file}: no such file; --data must name the folder that holds {FILE}")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [_text(line, f"{file}:{number}", types) for number, line in enumerate(lines, start=1)]


def _text(line: str, where: str, types: dict[str, str]) -> PiiText:
    try:
        row = json.loads(line)
        spans = [PiiSpan(types[s["type"]], s["start"], s["end"]) for s in row["spans"] if s["type"] in types]
        return PiiText(row["text"], "look" if row["template_id"] % 3 == 0 else "test", tuple(spans))
    except (ValueError, KeyError, TypeError) as error:
        raise DatasetError(f"{where}: not a sentence with `text`, `template_id` and `spans`: {error}") from error


def score_pii(interpreter: Interpreter, texts: list[PiiText]) -> tuple[dict[str, TypeScore], list[str]]:
    """Counts by our kind, and a line for each span that was missed and each find that is none."""
    scores = {kind: TypeScore() for kind in shared_types().values()}
    mistakes = [line for one in texts for line in _count(one, interpreter.parse(one.text).entities, scores)]
    return scores, mistakes


def _count(one: PiiText, entities: tuple[Entity, ...], scores: dict[str, TypeScore]) -> Iterator[str]:
    for span in one.spans:
        same = [e for e in entities if e.name == span.kind and e.start < span.end and span.start < e.end]
        score = scores[span.kind]
        score.spans += 1
        score.overlapping += bool(same)
        score.exact += any((e.start, e.end) == (span.start, span.end) for e in same)
        if not same:
            yield f"-{span.kind} {one.text[span.start : span.end]!r} in {one.text!r}"
    for entity in entities:
        if entity.name in scores and not _is_part_of_address(entity, one):
            is_right = any(s.kind == entity.name and s.start < entity.end and entity.start < s.end for s in one.spans)
            scores[entity.name].found += 1
            scores[entity.name].found_right += is_right
            if not is_right:
                yield f"+{entity.name} {entity.text!r} in {one.text!r}"


def _is_part_of_address(entity: Entity, one: PiiText) -> bool:
    """A postcode inside what is marked as an address; a line of an address is a mark of its own there."""
    inside = (span for span in one.spans if span.kind == "address")
    return entity.name == "postcode" and any(s.start <= entity.start and entity.end <= s.end for s in inside)
