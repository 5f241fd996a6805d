"""The promise "of the turns that the bot answers, at most x are wrong" is kept, and says so when it can't be."""

import numpy as np
import pytest

from nlu.errors import PromiseImpossible
from nlu.risk import Promise, at_most, kept, promise, promises, risk_curve, upper_bound

Model = tuple[float, float]


def turns(model: Model, n: int, random: np.random.Generator, boast: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Confidences as a beta distribution gives them, each right as often as it says, or less often by a `boast`."""
    confidences = random.beta(*model, n).astype(np.float32)
    return confidences, random.random(n) < confidences**boast


@pytest.mark.parametrize(
    ("model", "n", "rate", "boast"),
    [((6, 1), 500, 0.1, 1), ((6, 1), 1000, 0.05, 1), ((12, 1), 400, 0.05, 1), ((12, 1), 800, 0.1, 2)],
)
def test_the_promised_error_rate_is_kept_for_nineteen_of_twenty_shops(
    model: Model, n: int, rate: float, boast: float
) -> None:
    random = np.random.default_rng(7)
    world, right = turns(model, 200_000, random, boast)
    broken = answering = 0
    for _ in range(400):
        found = promise(*turns(model, n, random, boast), rate)
        answering += found is not None
        broken += found is not None and float((~right[world >= found.threshold]).mean()) > rate
    assert broken <= 0.05 * 400
    assert answering > 0.2 * 400


def test_more_held_out_turns_let_the_bot_answer_more() -> None:
    random = np.random.default_rng(3)
    few, many = (promise(*turns((12.0, 1.0), n, random), 0.05) for n in (300, 10_000))
    assert many is not None
    assert many.coverage > (few.coverage if few else 0) + 0.1


def test_a_stricter_rate_is_never_answered_more() -> None:
    found = promises(*turns((12.0, 1.0), 3000, np.random.default_rng(5)))
    assert len(found) > 5
    assert [one.coverage for one in found] == sorted(one.coverage for one in found)
    assert all(one.wrong / one.answered < one.rate for one in found)


def test_turns_that_are_never_answered_cost_coverage_but_no_mistake() -> None:
    confidences = np.array([0.0] * 500 + [0.9] * 500, dtype=np.float32)
    found = promise(confidences, confidences > 0.5, 0.05)
    assert found is not None
    assert (found.coverage, found.answered, found.wrong) == (0.5, 500, 0)


def test_a_rate_in_between_is_served_by_the_next_stricter() -> None:
    offered = (Promise(0.05, 0.9, 0.5, 250, 5), Promise(0.1, 0.7, 0.8, 400, 25))
    assert kept(offered, 0.07, "en").rate == 0.05
    assert kept(offered, 0.1, "en").rate == 0.1


def test_an_impossible_rate_names_the_lowest_possible_one() -> None:
    with pytest.raises(PromiseImpossible, match=r"error rate of 0\.01 for 'en': the lowest it can promise is 0\.05"):
        kept((Promise(0.05, 0.9, 0.5, 250, 5),), 0.01, "en")
    with pytest.raises(PromiseImpossible, match="it can promise none"):
        kept((), 0.5, "en")


def test_binomial_tails_are_exact() -> None:
    assert at_most(0, 59, 0.05) == pytest.approx(0.95**59)
    assert at_most(2, 5, 0.5) == pytest.approx(0.5)
    assert at_most(300, 10_000, 0.05) < 1e-20
    assert upper_bound(0, 59) == pytest.approx(0.0495, abs=0.0005)
    assert upper_bound(5, 5) == 1.0


def test_the_risk_curve_ends_where_everything_is_answered() -> None:
    confidences = np.array([0.9, 0.9, 0.6, 0.0], dtype=np.float32)
    curve = risk_curve(confidences, np.array([True, False, True, True]))
    assert [(point.coverage, round(point.risk, 2)) for point in curve] == [(0.5, 0.5), (0.75, 0.33)]
