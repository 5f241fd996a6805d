"""The second test set, by an author who had not read the training data: short messages, and longer ones that tell."""

from pathlib import Path

import pytest

from nlu.dataset import load_dataset
from nlu.evaluation import evaluate
from nlu.interpreter import Interpreter

BLIND = Path(__file__).with_name("blind")


@pytest.mark.parametrize(("language", "accuracy"), [("en", 0.94), ("zh", 0.9)])
def test_messages_that_training_never_saw_are_understood(language: str, accuracy: float) -> None:
    examples = [one for one in load_dataset(BLIND, intent_files="intents*.yml").intents if one.language == language]
    assert len(examples) > 400
    report, _ = evaluate(Interpreter.load(), examples)
    assert report.accuracy >= accuracy
    assert (report.out_of_scope_recall or 0) >= 0.93
    assert report.calibration_error <= 0.045
    assert report.split <= 0.02
