"""BG/NBD and Gamma-Gamma: the published figures, and shops that were made by the model's own rules."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.prediction.bg_nbd import BgNbd
from knowledge.prediction.gamma_gamma import GammaGamma

pytest.importorskip("scipy")
SAMPLE = Path(__file__).parents[4] / "shared/data/cdnow/sample_2357_summary.parquet"


@pytest.mark.skipif(not SAMPLE.is_file(), reason=f"the CDNOW sample is not in {SAMPLE.parent}")
def test_the_published_parameters_of_the_cdnow_sample() -> None:
    duckdb = pytest.importorskip("duckdb")
    sample = duckdb.sql(f"SELECT x::DOUBLE AS x, t_x, T, zbar FROM '{SAMPLE}'").fetchnumpy()
    found = BgNbd.fitted(sample["x"], sample["t_x"], sample["T"])
    assert [found.r, found.alpha, found.a, found.b] == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=0.001)
    repeat = sample["x"] > 0
    worth = GammaGamma.fitted(sample["x"][repeat], sample["zbar"][repeat])
    assert [worth.p, worth.q, worth.v] == pytest.approx([6.25, 3.74, 15.44], rel=0.01)


def made(count: int, weeks: float, later: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """x, t_x, T, and purchases in the `later` weeks after, by the model's own rules."""
    random = np.random.default_rng(1)
    rows = []
    for _ in range(count):
        rate, leaves = random.gamma(0.6, 1 / 5.0), random.beta(1.5, 4.0)
        day, times = 0.0, []
        while random.uniform() >= leaves:
            day += random.exponential(1 / rate)
            if day > weeks + later:
                break
            times.append(day)
        seen = [one for one in times if one <= weeks]
        rows.append((len(seen), seen[-1] if seen else 0.0, weeks, len(times) - len(seen)))
    return np.array(rows, dtype=np.float64)


def test_what_is_expected_comes_true_on_the_whole() -> None:
    x, t_x, T, later = made(6000, 40.0, 13.0).T
    model = BgNbd.fitted(x, t_x, T)
    expected, silent = model.expected(x, t_x, T, 13.0), model.silent(x, t_x, T, 13.0)
    assert expected.sum() == pytest.approx(later.sum(), rel=0.1)
    assert silent.mean() == pytest.approx((later == 0).mean(), abs=0.02)
    assert np.all((silent > 0) & (silent < 1))


def test_the_formula_has_no_hole_at_one() -> None:
    history = (np.array([2.0]), np.array([20.0]), np.array([30.0]))
    at, beside = BgNbd(0.5, 4.0, 1.0, 2.5), BgNbd(0.5, 4.0, 1.001, 2.5)
    assert at.expected(*history, 13.0) == pytest.approx(beside.expected(*history, 13.0), rel=0.01)


def test_one_customer_gets_what_is_believed_of_shops() -> None:
    one = (np.array([3.0]), np.array([12.0]), np.array([14.0]))
    model = BgNbd.fitted(*one)
    assert 0.2 < model.silent(*one, 4.0)[0] < 0.9
    assert 0.2 < model.expected(*one, 13.0)[0] < 4


def test_few_purchases_say_little_about_their_worth() -> None:
    random = np.random.default_rng(0)
    own = 50 / random.gamma(4.0, 1.0, size=500) * 3
    count = random.integers(1, 9, size=500).astype(np.float64)
    paid = own * random.gamma(5 * count) / (5 * count)
    model = GammaGamma.fitted(count, paid)
    once, often = model.expected(np.array([1.0, 50.0]), np.array([200.0, 200.0]))
    assert once < often < 200
    assert GammaGamma.fitted(count[:3], paid[:3]).expected(np.array([1.0]), paid[:1])[0] > 0
