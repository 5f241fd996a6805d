"""Negations, hypothetical questions and double requests, on sentences that nothing was trained on."""

from pathlib import Path

import pytest

from nlu.errors import DatasetError
from nlu.interpreter import Interpreter
from nlu.phenomena import SETS, measure_phenomenon

FROZEN = Path(__file__).with_name("frozen")
FLOORS = {
    ("negation", "en"): 0.8,
    ("negation", "zh"): 0.83,
    ("hypothetical", "en"): 0.9,
    ("hypothetical", "zh"): 0.79,
    ("two_intents", "en"): 0.75,
    ("two_intents", "zh"): 0.63,
}
FEWEST_CASES = 60


@pytest.fixture(scope="module")
def bare() -> Interpreter:
    return Interpreter.load()


@pytest.mark.parametrize("name", SETS)
def test_what_a_sentence_does_beside_asking_is_understood(bare: Interpreter, name: str) -> None:
    for report in measure_phenomenon(bare, FROZEN / f"{name}.yml"):
        assert report.right.count >= FEWEST_CASES
        assert report.right.value >= FLOORS[name, report.language], "\n".join(report.mistakes)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("en:\n- {text: hi, right: [greet]}\nzh: []\n", "negation.yml:2: a case must have never, right, text"),
        (
            "en:\n- {text: hi, right: [greeet], never: []}\nzh: []\n",
            "negation.yml:2: the model knows no intent 'greeet'",
        ),
        ("en: hello\nzh: []\n", "`en` must be a list of cases"),
        ("en: [", "not readable as YAML"),
        ("- hello\n", "negation.yml:1: must be a mapping"),
    ],
)
def test_a_wrong_case_is_named_with_its_line(bare: Interpreter, tmp_path: Path, content: str, complaint: str) -> None:
    file = tmp_path / "negation.yml"
    file.write_text(content, "utf-8")
    with pytest.raises(DatasetError, match=complaint.replace("(", r"\(")):
        measure_phenomenon(bare, file)


def test_a_set_of_another_name_is_refused(bare: Interpreter, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no phenomenon of this name"):
        measure_phenomenon(bare, tmp_path / "sarcasm.yml")
