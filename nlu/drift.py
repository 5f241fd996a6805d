"""Whether what customers write has moved away from what the model was measured on.

A snapshot keeps how messages were spread over bins: by intent, confidence, topic (the nearest of a dozen centres of
their vectors), distance (how far from it), in and out of scope, and language. Later messages are counted into the same
bins; the population stability index tells how far the two spreads lie apart:

    PSI = Σ (now - then) · ln(now / then)      under 0.1 steady, over 0.2 moved (by convention)

Few messages in many bins give a high PSI by chance alone: `noise` is what chance stays under 999 times in 1000, and an
alarm needs more than that, too.
"""

import json
import math
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import numpy as np

from nlu.calibration import Floats
from nlu.centres import distances, fit_centres
from nlu.components.intents import OUT_OF_SCOPE
from nlu.errors import DatasetError, ModelIncompatible
from nlu.types import Language, Understanding
from nlu.versions import now

SNAPSHOT_FILE = "snapshot.json"
ALARM = 0.2
FEWEST = 50
"""Fewer messages raise no alarm and make no snapshot."""
WINDOW = 2_000
_BINS = 8
_RARE = 0.02
"""Bins of less than this share in both spreads count as one."""
_CERTAIN = 3.0902
"""Standard deviations that chance stays under 999 times in 1000."""

Measure = Literal["intent", "confidence", "topic", "distance", "scope", "language"]
Counts = Mapping[str, int]


@dataclass(frozen=True)
class Baseline:
    """One language's bins, and how many messages of the snapshot fell into each."""

    centres: tuple[tuple[float, ...], ...]
    distance_edges: tuple[float, ...]
    confidence_edges: tuple[float, ...]
    counts: dict[str, dict[str, int]]
    """By measure, by bin."""

    def bins(self, heard: Understanding) -> dict[str, str]:
        """The message's bin by measure; without a single word it has no topic."""
        guess = heard.intent
        found = {
            "intent": guess.name,
            "confidence": _bin(guess.confidence, self.confidence_edges),
            "scope": "outside" if guess.name == OUT_OF_SCOPE else "inside",
        }
        if heard.embedding:
            [far] = distances(np.array([heard.embedding], dtype=np.float32), np.array(self.centres, dtype=np.float32))
            found |= {"topic": str(int(far.argmin())), "distance": _bin(float(far.min()), self.distance_edges)}
        return found


@dataclass(frozen=True)
class Snapshot:
    """How messages were spread when all was well. `source` says whose: held-out examples, or customers."""

    model_version: str
    source: Literal["training", "traffic"]
    made: str
    """UTC, ISO 8601. Empty for held-out examples: the same model has the same snapshot, whenever it was trained."""
    messages: dict[Language, int]
    languages: dict[Language, Baseline]

    @classmethod
    def of(cls, heard: Sequence[Understanding], source: Literal["training", "traffic"]) -> "Snapshot":
        """Raises DatasetError when no language has enough messages with a word in them."""
        by_language: dict[Language, list[Understanding]] = {}
        for one in heard:
            if one.embedding:
                by_language.setdefault(one.language, []).append(one)
        enough = {name: baseline(few) for name, few in by_language.items() if len(few) >= FEWEST}
        if not enough:
            most = max((len(few) for few in by_language.values()), default=0)
            raise DatasetError(f"a snapshot needs {FEWEST} messages of one language; there are {most}")
        sizes = {name: len(few) for name, few in by_language.items()}
        return cls(heard[0].model_version, source, now() if source == "traffic" else "", sizes, enough)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str, where: str) -> "Snapshot":
        """Raises ModelIncompatible, naming `where` it was read."""
        try:
            raw = json.loads(text)
            return cls(**{**raw, "languages": {name: _baseline(one) for name, one in raw["languages"].items()}})
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ModelIncompatible(
                f"{where} holds no snapshot ({error}); make one: `kefu monitor snapshot`"
            ) from error

    @classmethod
    def beside(cls, folder: Path) -> "Snapshot | None":
        """What was stored with the model in `folder`, if anything was."""
        file = folder / SNAPSHOT_FILE
        return cls.from_json(file.read_text("utf-8"), str(file)) if file.is_file() else None


@dataclass(frozen=True)
class Drift:
    """One measure, then and now. `language` is None where the measure is about both."""

    measure: Measure
    language: Language | None
    psi: float
    noise: float
    messages: int
    is_alarm: bool
    then: dict[str, float]
    now: dict[str, float]
    """Share by bin; rare bins together are "other"."""


class Window:
    """The last messages, counted into a snapshot's bins. Thread-safe; a message costs some 30 µs."""

    def __init__(self, snapshot: Snapshot, size: int = WINDOW) -> None:
        self.snapshot = snapshot
        self._heard: deque[tuple[Language, dict[str, str]]] = deque(maxlen=size)
        self._lock = Lock()

    def hear(self, heard: Understanding) -> None:
        """Count it, if this is the model that the snapshot was made with."""
        if heard.model_version == self.snapshot.model_version:
            known = self.snapshot.languages.get(heard.language)
            bins = known.bins(heard) if known else {}
            with self._lock:
                self._heard.append((heard.language, bins))

    def drifts(self, alarm: float = ALARM) -> list[Drift]:
        """Every measure of every language that the snapshot knows, then the mix of languages."""
        with self._lock:
            heard = list(self._heard)
        found = []
        for language, known in self.snapshot.languages.items():
            ours = [bins for name, bins in heard if name == language]
            for measure, then in known.counts.items():
                counts = Counter(bins[measure] for bins in ours if measure in bins)
                found.append(drift(measure, language, then, counts, alarm))  # type: ignore[arg-type]
        mix = Counter(str(name) for name, _ in heard)
        then_mix = {str(name): count for name, count in self.snapshot.messages.items()}
        return [*found, drift("language", None, then_mix, mix, alarm)]


def baseline(heard: Sequence[Understanding]) -> Baseline:
    """Of one language's messages: every other one places the bins, the rest are counted. Else what a bin was fitted to
    would lie closer to it than any later message can."""
    vectors = np.array([one.embedding for one in heard[::2] if one.embedding], dtype=np.float32)
    centres = np.round(fit_centres(vectors), 5)
    counted = np.array([one.embedding for one in heard[1::2] if one.embedding], dtype=np.float32)
    bare = Baseline(
        tuple(tuple(round(value, 5) for value in row) for row in centres.tolist()),  # float32 has 17 digits as a float
        _edges(distances(counted, centres).min(axis=1)),
        _edges(np.array([one.intent.confidence for one in heard[1::2]], dtype=np.float32)),
        {},
    )
    counts: dict[str, Counter[str]] = {}
    for one in heard[1::2]:
        for measure, name in bare.bins(one).items():
            counts.setdefault(measure, Counter())[name] += 1
    return Baseline(
        bare.centres, bare.distance_edges, bare.confidence_edges, {name: dict(one) for name, one in counts.items()}
    )


def drift(measure: Measure, language: Language | None, then: Counts, later: Counts, alarm: float = ALARM) -> Drift:
    """`then` and `later` count messages by bin."""
    n, m = sum(then.values()), sum(later.values())
    if not n or not m:
        return Drift(measure, language, 0.0, 0.0, m, False, {}, {})
    first, second = _lumped(then, later, n, m)
    p, q = _shares(first), _shares(second)
    psi = sum((q[name] - p[name]) * math.log(q[name] / p[name]) for name in p)
    noise = (1 / n + 1 / m) * _chi_square(len(p) - 1)
    is_alarm = m >= FEWEST and psi > max(alarm, noise)
    return Drift(measure, language, round(psi, 4), round(noise, 4), m, is_alarm, p, q)


def _lumped(then: Counts, later: Counts, n: int, m: int) -> tuple[Counts, Counts]:
    names = sorted({*then, *later})
    rare = {name for name in names if then.get(name, 0) < _RARE * n and later.get(name, 0) < _RARE * m}
    merged: list[Counter[str]] = [Counter(), Counter()]
    for counts, one in zip(merged, (then, later), strict=True):
        for name in names:
            counts["other" if name in rare else name] += one.get(name, 0)
    return merged[0], merged[1]


def _shares(counts: Counts) -> dict[str, float]:
    """Half a message more in every bin, so that an empty one has a share."""
    total = sum(counts.values()) + 0.5 * len(counts)
    return {name: (count + 0.5) / total for name, count in counts.items()}


def _chi_square(freedom: int) -> float:
    """What chance stays under 999 times in 1000 (Wilson and Hilferty, 1931)."""
    if not freedom:
        return 0.0
    spread = 2 / (9 * freedom)
    return float(freedom * (1 - spread + _CERTAIN * math.sqrt(spread)) ** 3)


def _edges(values: Floats) -> tuple[float, ...]:
    """Inner edges of bins that hold about as many values each."""
    return tuple(sorted({round(float(edge), 6) for edge in np.quantile(values, np.linspace(0, 1, _BINS + 1)[1:-1])}))


def _bin(value: float, edges: Iterable[float]) -> str:
    """The range that the value falls into, as people read it."""
    inner = list(edges)
    at = sum(value >= edge for edge in inner)
    low, high = (f"{edge:.3f}" for edge in (([0.0, *inner])[at], ([*inner, 1.0])[at]))
    return f"{low}-{high}"


def _baseline(raw: dict[str, Any]) -> Baseline:
    centres = tuple(tuple(row) for row in raw["centres"])
    return Baseline(centres, tuple(raw["distance_edges"]), tuple(raw["confidence_edges"]), raw["counts"])
