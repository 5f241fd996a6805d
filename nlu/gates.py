"""Whether a candidate may serve: what it must hold against the model that serves now. The numbers are in gates.yml."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import yaml

from nlu.comparison import Comparison, Pair
from nlu.dataset import Example
from nlu.errors import RegistryError
from nlu.interpreter import Interpreter

GATES_FILE = Path(__file__).with_name("gates.yml")


@dataclass(frozen=True)
class AccuracyGate:
    tolerance: float
    significance: float
    at_most: float


@dataclass(frozen=True)
class ParityGate:
    gap: float
    tolerance: float


@dataclass(frozen=True)
class CalibrationGate:
    error: float
    tolerance: float


@dataclass(frozen=True)
class LatencyGate:
    p50: float
    tolerance: float


@dataclass(frozen=True)
class NamedSentencesGate:
    may_break: int


@dataclass(frozen=True)
class Gates:
    """Everything gates.yml says; the file describes each number."""

    accuracy: AccuracyGate
    parity: ParityGate
    calibration: CalibrationGate
    latency: LatencyGate
    named_sentences: NamedSentencesGate


@dataclass(frozen=True)
class Verdict:
    """What one gate found."""

    gate: str
    holds: bool
    found: str


def load_gates(file: Path = GATES_FILE) -> Gates:
    """Raises RegistryError naming the key that is missing, unknown or no number."""
    try:
        raw = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise RegistryError(f"{file}: not readable as YAML: {error}") from error
    kinds = {one.name: one.type for one in fields(Gates)}
    _same_keys(file, "", raw, kinds)
    for name, kind in kinds.items():
        assert isinstance(kind, type)
        _same_keys(file, f"{name}.", raw[name], {one.name for one in fields(kind)})
    return Gates(**{name: kind(**raw[name]) for name, kind in kinds.items()})  # type: ignore[operator]


def verdicts(
    gates: Gates, comparison: Comparison, before: Interpreter, after: Interpreter, named: Sequence[Example]
) -> list[Verdict]:
    """One a gate, set and language. `named` are the sentences that must go on being read as they are meant."""
    return [
        *(_accuracy(gates.accuracy, pair) for pair in comparison.pairs),
        *_parity(gates.parity, comparison.pairs),
        *(_calibration(gates.calibration, pair) for pair in comparison.pairs),
        _latency(gates.latency, comparison),
        _named(gates.named_sentences, before, after, named),
    ]


def _accuracy(gate: AccuracyGate, pair: Pair) -> Verdict:
    lost = pair.before.accuracy - pair.after.accuracy
    is_real = lost > gate.tolerance and pair.chance < gate.significance
    found = (
        f"{pair.before.accuracy:.1%} → {pair.after.accuracy:.1%} ({pair.fixed} fixed, {pair.broken} broken, by chance "
        f"with p = {pair.chance:.2f})"
    )
    return Verdict(f"accuracy, {pair.name}, {pair.language}", not is_real and lost <= gate.at_most, found)


def _parity(gate: ParityGate, pairs: Sequence[Pair]) -> Iterator[Verdict]:
    for name in dict.fromkeys(pair.name for pair in pairs):
        of_set = [pair for pair in pairs if pair.name == name]
        if len(of_set) > 1:
            before = _spread(pair.before.accuracy for pair in of_set)
            after = _spread(pair.after.accuracy for pair in of_set)
            found = f"languages {before * 100:.1f} → {after * 100:.1f} points apart"
            yield Verdict(f"parity, {name}", after <= max(gate.gap, before + gate.tolerance), found)


def _spread(shares: Iterable[float]) -> float:
    known = list(shares)
    return max(known) - min(known)


def _calibration(gate: CalibrationGate, pair: Pair) -> Verdict:
    before, after = pair.before.calibration_error, pair.after.calibration_error
    holds = after <= max(gate.error, before + gate.tolerance)
    return Verdict(f"calibration, {pair.name}, {pair.language}", holds, f"error {before:.3f} → {after:.3f}")


def _latency(gate: LatencyGate, comparison: Comparison) -> Verdict:
    before, after = comparison.speed_before.p50, comparison.speed_after.p50
    holds = after <= max(gate.p50, before * (1 + gate.tolerance))
    return Verdict("latency", holds, f"median {before:.1f} → {after:.1f} ms of processor")


def _named(gate: NamedSentencesGate, before: Interpreter, after: Interpreter, named: Sequence[Example]) -> Verdict:
    lost = [example for example in named if _reads(before, example) and not _reads(after, example)]
    told = "; ".join(
        f"{example.text!r} ({Path(example.where).name}) is no longer {example.label}" for example in lost[:5]
    )
    found = f"{len(named) - len(lost)} of {len(named)} held" + (f"; {told}" if told else "")
    return Verdict("named sentences", len(lost) <= gate.may_break, found)


def _reads(interpreter: Interpreter, example: Example) -> bool:
    read = interpreter.parse(example.text)
    return read.intent.name == example.label and read.intent.confidence >= interpreter.threshold(read.language)


def _same_keys(file: Path, inside: str, raw: object, known: Iterable[str]) -> None:
    if not isinstance(raw, dict):
        raise RegistryError(f"{file}: '{inside.rstrip('.') or 'the file'}' must be 'key: value' lines")
    if wrong := raw.keys() ^ set(known):
        problem = "is unknown" if min(map(str, wrong)) in raw else "is missing"
        raise RegistryError(f"{file}: '{inside}{min(map(str, wrong))}' {problem}; see the one that comes with Kefu")
    for key, value in raw.items():
        if inside and (isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0):
            raise RegistryError(f"{file}: '{inside}{key}' must be a number from 0 up; it is {value!r}")
