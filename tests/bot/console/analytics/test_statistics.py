import pytest

from bot.console.analytics.statistics import quantile, share, spread


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        *((0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (1, 1, 0.2065, 1.0)),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_the_interval_is_wilsons(count: int, of: int, low: float, high: float) -> None:
    """The last row is Newcombe's (1998) example of the method; the others are worked out from its formula by hand."""
    found = share(count, of)
    assert found.low == pytest.approx(low, abs=5e-4)
    assert found.high == pytest.approx(high, abs=5e-4)


def test_nothing_known_is_not_zero() -> None:
    assert (share(0, 0).share, spread([]).median) == (None, None)


def test_quantiles_lie_between_the_values() -> None:
    assert quantile([1.0, 2.0, 3.0, 4.0], 0.5) == 2.5
    assert spread([10.0, 0.0]).p90 == pytest.approx(9.0)
    assert spread([7.0]).p90 == 7.0
