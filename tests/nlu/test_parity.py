"""English and Chinese side by side, and slips beside clean messages, on a twelfth of the frozen set."""

from pathlib import Path

import pytest

from nlu.dataset import Example, load_dataset
from nlu.interpreter import Interpreter
from nlu.parity import ParityReport, measure_parity

FROZEN = Path(__file__).with_name("frozen")
MOST_LOST = {
    ("en", "keyboard slips"): 0.06,
    ("en", "missing spaces"): 0.07,
    ("en", "full width"): 0.0,
    ("en", "code-switched"): 0.11,
    ("zh", "pinyin slips"): 0.06,
    ("zh", "traditional"): 0.0,
    ("zh", "full width"): 0.0,
    ("zh", "code-switched"): 0.15,
}


@pytest.fixture(scope="module")
def report() -> ParityReport:
    examples: tuple[Example, ...] = load_dataset(FROZEN, None, "intents*.yml").intents
    return measure_parity(Interpreter.load(), examples[::12])


def test_both_languages_are_understood_about_alike(report: ParityReport) -> None:
    assert report.languages["en"].gaps(report.languages["zh"])["accuracy"] <= 0.06


def test_slips_cost_no_more_than_they_did(report: ParityReport) -> None:
    lost = {(one.language, one.name): one.loss.value for one in report.variants}
    assert lost.keys() == MOST_LOST.keys()
    assert {key: value for key, value in lost.items() if value > MOST_LOST[key]} == {}


def test_intervals_hold_their_figures(report: ParityReport) -> None:
    for figures in report.languages.values():
        assert figures.accuracy.low <= figures.accuracy.value <= figures.accuracy.high
    for one in report.variants:
        assert one.loss.low <= one.clean - one.accuracy <= one.loss.high
