"""The frozen test set: sentences of another author that nothing was trained or chosen on."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml

from nlu.dataset import Dataset, load_dataset
from nlu.evaluation import evaluate, evaluate_sentiment
from nlu.interpreter import Interpreter

FROZEN = Path(__file__).with_name("frozen")


@pytest.fixture(scope="module")
def frozen() -> Dataset:
    return load_dataset(FROZEN, FROZEN, "intents*.yml", "sentiment*.yml")


@pytest.fixture(scope="module")
def bare() -> Interpreter:
    """The shipped model without a catalogue."""
    return Interpreter.load()


@dataclass(frozen=True)
class Floor:
    accuracy: float
    out_of_scope: float
    calibration_error: float
    acted: float
    acted_right: float
    sentiment: float


FLOORS = {
    "en": Floor(
        accuracy=0.967, out_of_scope=0.95, calibration_error=0.035, acted=0.96, acted_right=0.98, sentiment=0.91
    ),
    "zh": Floor(
        accuracy=0.92, out_of_scope=0.91, calibration_error=0.04, acted=0.92, acted_right=0.95, sentiment=0.885
    ),
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_intents_and_moods_of_strangers_are_understood(bare: Interpreter, frozen: Dataset, language: str) -> None:
    report, _ = evaluate(bare, [e for e in frozen.intents if e.language == language])
    floor = FLOORS[language]
    assert report.accuracy >= floor.accuracy
    assert (report.out_of_scope_recall or 0) >= floor.out_of_scope
    assert report.calibration_error <= floor.calibration_error
    assert report.acted >= floor.acted
    assert report.acted_right >= floor.acted_right
    assert report.split <= 0.01
    moods = [e for e in frozen.sentiments if e.language == language]
    assert evaluate_sentiment(bare, moods) >= floor.sentiment


def read(file: str) -> dict[str, Any]:
    return dict(yaml.safe_load((FROZEN / file).read_text("utf-8")))


@pytest.mark.parametrize(("language", "floor"), [("en", 0.9), ("zh", 0.9)])
def test_entities_of_strangers_are_found(bare: Interpreter, language: str, floor: float) -> None:
    """F1 over all kinds: same kind, overlapping span, same value (addresses by kind and overlap)."""
    marked = read("entities.yml")
    now = datetime.combine(marked["now"], time(12), UTC)
    counts: Counter[str] = Counter()
    for case in marked[language]:
        counts.update(_compared(bare, case, now))
    assert 2 * counts["right"] / (counts["found"] + counts["marked"]) >= floor, counts


def _compared(bare: Interpreter, case: dict[str, Any], now: datetime) -> Counter[str]:
    found = [e for e in bare.parse(case["text"], now).entities if e.name not in ("product", "option")]
    right, at = 0, 0
    for wanted in case["entities"]:
        start = case["text"].index(wanted["text"], at)
        at = start + len(wanted["text"])
        right += any(
            e.name == wanted["entity"]
            and e.start < at
            and start < e.end
            and (e.name == "address" or e.value == str(wanted["value"]))
            for e in found
        )
    return Counter(right=right, found=len(found), marked=len(case["entities"]))


@pytest.mark.parametrize(("language", "found_floor"), [("en", 0.5), ("zh", 0.4)])
def test_two_requests_are_found_and_one_is_left_whole(bare: Interpreter, language: str, found_floor: float) -> None:
    found, several, split, single = 0, 0, 0, 0
    for case in read("segments.yml")[language]:
        segments = [segment.intent.name for segment in bare.parse(case["text"]).segments]
        if len(case["intents"]) == 1:
            single += 1
            split += bool(segments)
        else:
            several += 1
            found += segments == case["intents"]
    assert found >= found_floor * several, (found, several)
    assert split <= 0.1 * single, (split, single)
