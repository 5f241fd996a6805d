"""A model's score → a chance that comes true as often as it says, or an amount that is right on the whole.

Platt (1999): a straight line in log-odds. Beta (Kull, Silva Filho & Flach 2017): one slope for low chances, another for
high ones. Isotonic (Zadrozny & Elkan 2002): any rising steps. Amounts: a straight line in logs. All are fitted on
snapshots that the model has not learned from, and never let a higher score mean less.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from knowledge.customers.transactions import Floats
from knowledge.prediction.families.scorer import LEAST_CHANCE, chances

How = Literal["none", "platt", "beta", "isotonic", "log-line"]
STEADY = 10.0
"""Slopes are held near 1 as if by so many examples' worth of loss."""
STEPS = 40
"""Knots that an isotonic curve is kept as."""


@dataclass(frozen=True)
class Calibration:
    """`numbers` by `how`: none (); platt (slope, bias); beta (a, b, bias); isotonic (scores …, chances …); log-line
    (slope, bias)."""

    how: How
    numbers: tuple[float, ...] = ()

    def __call__(self, scores: Floats) -> Floats:
        """(m,) chances (0-1) or amounts (0 or more)."""
        return _READERS[self.how](scores, np.array(self.numbers))


def calibrated(how: How, scores: Floats, labels: Floats) -> Calibration:
    return Calibration(how, tuple(float(number) for number in _FITTERS[how](scores, labels)))


def _platt(scores: Floats, labels: Floats) -> Floats:
    return _minimised(lambda p: _log_loss(p[0] * scores + p[1], labels) + _near_one(p[:1], labels), [1.0, 0.0])


def _beta(scores: Floats, labels: Floats) -> Floats:
    """ln p and -ln(1 - p) have a slope each."""
    low, high = _beta_inputs(scores)
    return _minimised(
        lambda p: _log_loss(p[0] * low + p[1] * high + p[2], labels) + _near_one(p[:2], labels),
        [1.0, 1.0, 0.0],
        [(0.0, None), (0.0, None), (None, None)],
    )


def _beta_inputs(scores: Floats) -> tuple[Floats, Floats]:
    return -np.logaddexp(0.0, -scores), np.logaddexp(0.0, scores)


def _isotonic(scores: Floats, labels: Floats) -> Floats:
    from sklearn.isotonic import IsotonicRegression

    fitted = IsotonicRegression(y_min=LEAST_CHANCE, y_max=1 - LEAST_CHANCE, out_of_bounds="clip").fit(scores, labels)
    knots = np.unique(np.percentile(scores, np.linspace(0, 100, STEPS)))
    return np.concatenate([knots, fitted.predict(knots)])


def _log_line(scores: Floats, labels: Floats) -> Floats:
    """Where most customers do something, the factor that leads from the mean to what misses the typical customer least;
    else 1. The total's own drift is taken out before, and not put right."""
    if np.median(labels) <= 0:
        return np.array([1.0, 0.0])
    level = np.log(labels.sum()) - np.log(np.exp(np.minimum(scores, 50.0)).sum())
    found = _minimised(lambda p: float(np.abs(_line(scores, [1.0, level + p[0]]) - labels).mean()), [0.0])
    return np.array([1.0, np.clip(found[0], -0.25, 0.0)])


def _minimised(
    loss: Callable[[Floats], float], start: list[float], bounds: list[tuple[float | None, float | None]] | None = None
) -> Floats:
    from scipy.optimize import minimize

    method = "L-BFGS-B" if bounds else "Nelder-Mead"
    return np.asarray(minimize(loss, np.array(start), method=method, bounds=bounds).x)


def _log_loss(scores: Floats, labels: Floats) -> float:
    return float((np.logaddexp(0.0, scores) - labels * scores).mean())


def _near_one(slopes: Floats, labels: Floats) -> float:
    return float(STEADY * ((slopes - 1) ** 2).sum() / len(labels))


def _line(scores: Floats, numbers: Sequence[float] | Floats) -> Floats:
    return np.asarray(np.exp(np.minimum(max(numbers[0], 0.0) * scores + numbers[1], 50.0)))


def _steps(scores: Floats, numbers: Floats) -> Floats:
    half = len(numbers) // 2
    return np.interp(scores, numbers[:half], numbers[half:])


def _beta_read(scores: Floats, numbers: Floats) -> Floats:
    low, high = _beta_inputs(scores)
    return chances(numbers[0] * low + numbers[1] * high + numbers[2])


_FITTERS: dict[How, Callable[[Floats, Floats], Floats]] = {
    "none": lambda scores, labels: np.zeros(0),  # noqa: ARG005
    "platt": _platt,
    "beta": _beta,
    "isotonic": _isotonic,
    "log-line": _log_line,
}
_READERS: dict[How, Callable[[Floats, Floats], Floats]] = {
    "none": lambda scores, numbers: chances(scores),  # noqa: ARG005
    "platt": lambda scores, numbers: chances(max(numbers[0], 0.0) * scores + numbers[1]),
    "beta": _beta_read,
    "isotonic": _steps,
    "log-line": _line,
}
