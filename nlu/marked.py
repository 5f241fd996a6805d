"""Sentences whose entities are marked where they stand, and how well the rules find them.

    now: 2026-11-20
    catalogue: {products: [[Desk Lamp, 台灯]], options: [[colour, blue, 蓝色]]}
    en:
      postcode: |
        my zip is [98109](postcode)
        [two](quantity:2) lamps, please

A mark may carry the value that the span means. The names under a language group the sentences for people, no more.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import get_args

from nlu.cases import Cases
from nlu.components.entities import as_entities, find_spans
from nlu.components.gazetteer import Gazetteer, OptionName, ProductName
from nlu.components.normalizer import fold
from nlu.errors import DatasetError
from nlu.types import Entity, Language

_MARK = re.compile(r"\[(?P<span>[^\]]+)\]\((?P<kind>[a-z_]+)(?::(?P<value>[^)]*))?\)")


@dataclass(frozen=True)
class Mark:
    """An entity as a person marked it; `value` is None where only the span counts."""

    kind: str
    start: int
    end: int
    value: str | None


@dataclass(frozen=True)
class MarkedSentence:
    text: str
    language: Language
    marks: tuple[Mark, ...]
    where: str


@dataclass(frozen=True)
class MarkedSet:
    """`today` anchors the dates; `gazetteer` knows the products and options that are marked."""

    today: date
    gazetteer: Gazetteer
    sentences: tuple[MarkedSentence, ...]


@dataclass
class SpanScore:
    """One kind's counts. A span is right when kind, beginning and end are exactly those marked."""

    right: int = 0
    found: int = 0
    marked: int = 0
    valued: int = 0
    """Spans found rightly whose value is written too …"""
    value_right: int = 0
    """… and those read as that value."""

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.marked if self.marked else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.marked) if self.found + self.marked else 1.0


@dataclass(frozen=True)
class MarkedReport:
    kinds: dict[str, SpanScore]
    total: SpanScore
    mistakes: tuple[str, ...] = field(repr=False)
    """One line for each sentence with a wrong or missing span, or a wrong value."""


def load_marked(file: Path) -> MarkedSet:
    """Raises DatasetError with file and line."""
    cases = Cases.load(file)
    today = cases.value("now")
    if not isinstance(today, date):
        raise DatasetError(f"{file}:1: `now` must be a date, such as 2026-11-20")
    sentences = [
        _sentence(text, language, where) for language in get_args(Language) for text, where in cases.lines(language)
    ]
    return MarkedSet(today, _gazetteer(cases), tuple(sentences))


def _gazetteer(cases: Cases) -> Gazetteer:
    catalogue = cases.value("catalogue") or {}
    products = [ProductName(names[0], *names) for names in catalogue.get("products", ())]
    return Gazetteer(products, [OptionName(*names) for names in catalogue.get("options", ())])


def _sentence(line: str, language: Language, where: str) -> MarkedSentence:
    text, marks, at = "", [], 0
    for found in _MARK.finditer(line):
        text += line[at : found.start()]
        start, at = len(text), found.end()
        text += found["span"]
        marks.append(Mark(found["kind"], start, len(text), found["value"]))
    text += line[at:]
    if "](" in text:
        raise DatasetError(f"{where}: this mark is not `[span](kind)` or `[span](kind:value)`: {text}")
    return MarkedSentence(text, language, tuple(marks), where)


def score_spans(marked: MarkedSet, language: Language | None = None) -> MarkedReport:
    """Reads every sentence (of one language) as `Interpreter.parse` does, with the set's own catalogue and date."""
    kinds: dict[str, SpanScore] = {}
    mistakes: list[str] = []
    for sentence in marked.sentences:
        if language in (None, sentence.language):
            spans = find_spans(fold(sentence.text), marked.gazetteer, marked.today)
            mistakes += _count(sentence, as_entities(spans, sentence.text), kinds)
    counts = Counter[str]()
    for score in kinds.values():
        counts.update(vars(score))
    return MarkedReport(dict(sorted(kinds.items())), SpanScore(**counts), tuple(mistakes))


def _count(sentence: MarkedSentence, found: tuple[Entity, ...], kinds: dict[str, SpanScore]) -> Iterator[str]:
    wanted = {(mark.kind, mark.start, mark.end): mark for mark in sentence.marks}
    got = {(entity.name, entity.start, entity.end): entity for entity in found}
    for kind, *_ in wanted:
        kinds.setdefault(kind, SpanScore()).marked += 1
    for kind, *_ in got:
        kinds.setdefault(kind, SpanScore()).found += 1
    wrong_values = []
    for key in wanted.keys() & got.keys():
        score, value = kinds[key[0]], wanted[key].value
        score.right += 1
        if value is not None:
            score.valued += 1
            score.value_right += got[key].value == value
            if got[key].value != value:
                wrong_values.append(f"{got[key].text}: {got[key].value} for {value}")
    missed = [f"-{kind} {sentence.text[start:end]}" for kind, start, end in sorted(wanted.keys() - got.keys())]
    extra = [f"+{kind} {sentence.text[start:end]}" for kind, start, end in sorted(got.keys() - wanted.keys())]
    if missed or extra or wrong_values:
        yield f"{sentence.text}  |  {', '.join([*missed, *extra, *wrong_values])}"
