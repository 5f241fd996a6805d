"""What keeps a worse model from serving, and lets a better one through."""

from dataclasses import replace
from pathlib import Path

import pytest

from nlu.comparison import Comparison, Difference, Figures, Pair, Speed, compare
from nlu.dataset import Example, load_dataset
from nlu.errors import RegistryError
from nlu.gates import GATES_FILE, Gates, Verdict, load_gates, verdicts
from nlu.interpreter import Interpreter
from nlu.types import IntentGuess, Language, Sentiment, Understanding

NAMED = Path(__file__).parents[2] / "bot" / "assistant" / "named"


@pytest.fixture(scope="module")
def gates() -> Gates:
    return load_gates()


def read(intent: str) -> Understanding:
    return Understanding("x", "en", (IntentGuess(intent, 0.9),), Sentiment("neutral", 0.0), ())


def pair(fixed: int = 0, broken: int = 0, error: tuple[float, float] = (0.02, 0.02), language: Language = "en") -> Pair:
    """A set of a thousand sentences of which 900 were read rightly before."""
    example = Example("x", "right", "a.yml:1")
    differences = [Difference(example, read("wrong"), read("right"))] * fixed
    differences += [Difference(example, read("right"), read("wrong"))] * broken
    before = Figures(1000, 0.9, None, error[0])
    after = Figures(1000, 0.9 + (fixed - broken) / 1000, None, error[1])
    return Pair("frozen", language, before, after, tuple(differences))


def fallen(
    interpreter: Interpreter, gates: Gates, *pairs: Pair, p50: tuple[float, float] = (2.0, 2.0)
) -> dict[str, str]:
    speeds = (Speed(milliseconds, 9.0) for milliseconds in p50)
    found = verdicts(gates, Comparison(pairs, *speeds), interpreter, interpreter, [])
    return {verdict.gate: verdict.found for verdict in found if not verdict.holds}


def test_a_model_that_is_as_good_holds_every_gate(interpreter: Interpreter, gates: Gates) -> None:
    assert fallen(interpreter, gates, pair(fixed=12, broken=15)) == {}


def test_accuracy_falls_when_the_loss_is_no_chance(interpreter: Interpreter, gates: Gates) -> None:
    assert set(fallen(interpreter, gates, pair(fixed=2, broken=14))) == {"accuracy, frozen, en"}
    assert fallen(interpreter, gates, pair(fixed=40, broken=52)) == {}, "may well be chance"
    assert fallen(interpreter, gates, pair(fixed=0, broken=4)) == {}, "within the tolerance"


def test_a_large_loss_falls_whatever_the_test_says(interpreter: Interpreter, gates: Gates) -> None:
    few = replace(pair(fixed=1, broken=2), after=Figures(30, 0.86, None, 0.02))
    assert set(fallen(interpreter, gates, few)) == {"accuracy, frozen, en"}


def test_parity_may_not_widen_beyond_the_gap(interpreter: Interpreter, gates: Gates) -> None:
    assert set(fallen(interpreter, gates, pair(fixed=35), pair(language="zh"))) == {"parity, frozen"}
    assert fallen(interpreter, gates, pair(fixed=25), pair(language="zh")) == {}


def test_calibration_and_latency_have_a_limit_and_a_tolerance(interpreter: Interpreter, gates: Gates) -> None:
    assert fallen(interpreter, gates, pair(error=(0.01, 0.03))) == {}
    assert fallen(interpreter, gates, pair(error=(0.04, 0.049))) == {}
    assert set(fallen(interpreter, gates, pair(error=(0.02, 0.035)))) == {"calibration, frozen, en"}
    assert fallen(interpreter, gates, pair(), p50=(1.0, 2.9)) == {}
    assert set(fallen(interpreter, gates, pair(), p50=(4.0, 6.0))) == {"latency"}


def test_the_shipped_model_reads_every_named_sentence(interpreter: Interpreter) -> None:
    named = load_dataset(NAMED).intents
    assert {language: sum(e.language == language for e in named) >= 30 for language in ("en", "zh")} == {
        "en": True,
        "zh": True,
    }
    lost = {
        example.text: guess.name
        for example in named
        for guess in [interpreter.parse(example.text).intent]
        if guess.name != example.label or guess.confidence < interpreter.fallback_threshold
    }
    assert lost == {}


def confused(interpreter: Interpreter) -> Interpreter:
    """The same model with two intents taken for each other."""
    swapped = {"cancel_order": "track_order", "track_order": "cancel_order"}
    intents = tuple(swapped.get(name, name) for name in interpreter.metadata.intents)
    other = interpreter.with_gazetteer(interpreter._gazetteer)
    other.metadata = replace(interpreter.metadata, intents=intents)
    return other


def test_a_candidate_that_loses_a_named_sentence_is_told_which(interpreter: Interpreter, gates: Gates) -> None:
    named = [example for example in load_dataset(NAMED).intents if example.label in ("cancel_order", "greet")]
    comparison = compare(interpreter, confused(interpreter), {"named": named})
    found = {
        verdict.gate: verdict for verdict in verdicts(gates, comparison, interpreter, confused(interpreter), named)
    }
    verdict: Verdict = found["named sentences"]
    assert not verdict.holds
    assert "2 of 6 held" in verdict.found
    assert "'Please cancel my order, I ordered it by mistake.'" in verdict.found and "en.yml:8" in verdict.found


def test_a_comparison_lists_what_was_fixed_and_broken(interpreter: Interpreter) -> None:
    examples = [Example("cancel my order", "cancel_order", ""), Example("取消订单", "track_order", "")]
    comparison = compare(interpreter, confused(interpreter), {"both": examples})
    english, chinese = comparison.pairs
    assert (english.broken, english.fixed, english.after.accuracy) == (1, 0, 0.0)
    assert (chinese.broken, chinese.fixed, chinese.after.accuracy) == (0, 1, 1.0)


def test_mcnemars_test_is_exact() -> None:
    assert pair(fixed=1, broken=5).chance == pytest.approx(7 / 64)
    assert pair().chance == 1.0


@pytest.mark.parametrize(
    ("found", "wanted", "message"),
    [
        ("at_most: 0.03", "at_worst: 0.03", "'accuracy.at_most' is missing"),
        ("at_most: 0.03", "at_most: often", "'accuracy.at_most' must be a number"),
        ("at_most: 0.03", "at_most: .nan", "'accuracy.at_most' must be a number"),
        ("latency:", "speed:", "'latency' is missing"),
    ],
)
def test_a_mistake_in_gates_yml_is_named(found: str, wanted: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "gates.yml"
    file.write_text(GATES_FILE.read_text("utf-8").replace(found, wanted), "utf-8")
    with pytest.raises(RegistryError, match=message):
        load_gates(file)
