"""What sentences do beside asking for one thing: "don't", "what if", two requests at once. A test set for each.

negation.yml, hypothetical.yml   {text, right: [intents], never: [intents]}
two_intents.yml                  {text, intents: [in order]}; a list in it: one of these; one intent: stays whole

Short answers that depend on what went before need a conversation: benchmarks/contexts.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from nlu.cases import Cases
from nlu.errors import DatasetError
from nlu.interpreter import Interpreter
from nlu.transfer.scoring import Share
from nlu.types import Language, Understanding

SETS = ("negation", "hypothetical", "two_intents")


@dataclass(frozen=True)
class Verdict:
    """What became of one case. `blunder`: sure enough to act, it was read as what must never be done."""

    is_right: bool
    is_blunder: bool
    read: str


@dataclass(frozen=True)
class PhenomenonReport:
    """One set in one language."""

    name: str
    language: Language
    right: Share
    blunders: Share
    mistakes: tuple[str, ...] = field(repr=False)
    """`file:line: text → what it was read as`."""


Judge = Callable[[dict[str, Any], Understanding], Verdict]


def measure_phenomenon(interpreter: Interpreter, file: Path) -> list[PhenomenonReport]:
    """Reads every case of one of `SETS` once; a report for each language. Raises DatasetError with file and line."""
    name = file.stem
    if name not in SETS:
        raise DatasetError(f"{file}: no phenomenon of this name; they are {', '.join(SETS)}")
    needed, judge = (_PAIR_KEYS, _pair) if name == "two_intents" else (_MEANING_KEYS, _meaning)
    cases = Cases.load(file)
    return [
        _report(name, language, list(_tried(interpreter, cases.mappings(language, needed, needed), judge)))
        for language in get_args(Language)
    ]


_MEANING_KEYS = frozenset({"text", "right", "never"})
_PAIR_KEYS = frozenset({"text", "intents"})


def _tried(
    interpreter: Interpreter, cases: Iterator[tuple[dict[str, Any], str]], judge: Judge
) -> Iterator[tuple[str, Verdict]]:
    known = set(interpreter.metadata.intents)
    for case, where in cases:
        named = {intent for key, value in case.items() if key != "text" for one in value for intent in _either(one)}
        if unknown := sorted(named - known):
            raise DatasetError(f"{where}: the model knows no intent '{unknown[0]}'")
        verdict = judge(case, interpreter.parse(case["text"]))
        yield f"{where}: {case['text']} → {verdict.read}", verdict


def _report(name: str, language: Language, tried: list[tuple[str, Verdict]]) -> PhenomenonReport:
    return PhenomenonReport(
        name,
        language,
        Share(sum(verdict.is_right for _, verdict in tried), len(tried)),
        Share(sum(verdict.is_blunder for _, verdict in tried), len(tried)),
        tuple(told for told, verdict in tried if not verdict.is_right),
    )


def _meaning(case: dict[str, Any], read: Understanding) -> Verdict:
    """Right when one of the requests found is one of those allowed and none is a forbidden one."""
    parts = read.segments or (read,)
    names = {part.intent.name for part in parts}
    sure = {part.intent.name for part in parts if part.intent.confidence >= (part.threshold or 0)}
    is_right = bool(names & set(case["right"])) and not names & set(case["never"])
    return Verdict(is_right, bool(sure & set(case["never"])), _said(parts))


def _pair(case: dict[str, Any], read: Understanding) -> Verdict:
    """Right when exactly these requests were found, in this order; a single one that was cut up is a blunder."""
    parts = read.segments or (read,)
    wanted = [_either(one) for one in case["intents"]]
    is_right = len(parts) == len(wanted) and all(
        part.intent.name in one for part, one in zip(parts, wanted, strict=True)
    )
    return Verdict(is_right, len(parts) > len(wanted) == 1, _said(parts))


def _either(intent: str | list[str]) -> list[str]:
    return [intent] if isinstance(intent, str) else intent


def _said(parts: tuple[Understanding, ...]) -> str:
    return " + ".join(f"{part.intent.name} {part.intent.confidence:.2f}" for part in parts)
