"""Abstention by risk control: "of the turns that the bot answers, at most x are wrong".

A threshold keeps the promise when, on held-out turns, so few of those above it are wrong that a true error rate of x
would rarely look as good (exact binomial test). Trying many thresholds and taking the best would be luck, so they are
tested from strict to lenient and the walk ends at the first that fails: the family of tests is then wrong no more often
than one of them (fixed sequence testing; Angelopoulos et al. 2021, "Learn then Test"). Plain numpy.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.errors import PromiseImpossible

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

SURENESS = 0.95
"""How sure the promise is: so many of all shops' held-out sets lead to a threshold that keeps it."""
RATES = (0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3)
"""The error rates that are worked out for a model; a rate in between is served by the next stricter one."""
_STARTS = (0.2, 0.5)
"""Shares of the turns at which a walk begins, each with its part of the doubt: among very few turns one mistake would
end it."""
_GRID = np.round(1 / (1 + np.exp(-np.linspace(9, -3, 241))), 4)


@dataclass(frozen=True)
class Promise:
    """The threshold that keeps the error rate, and what it was on the held-out turns."""

    rate: float
    threshold: float
    coverage: float
    """The share of all turns that were answered."""
    answered: int
    wrong: int


@dataclass(frozen=True)
class RiskPoint:
    """What happens at one threshold."""

    threshold: float
    coverage: float
    risk: float
    """The share of wrong ones among the answered turns."""


def promises(confidences: Floats, correct: Bools, rates: Sequence[float] = RATES) -> tuple[Promise, ...]:
    """The rates that can be promised, strictest first. `confidences` (n,) are those of held-out turns, 0 where the bot
    would not answer whatever the threshold; `correct` (n,) says which are read rightly."""
    found: list[Promise] = []
    for rate in rates:
        one = promise(confidences, correct, rate)
        if one and (not found or one.threshold < found[-1].threshold):  # a laxer one that gains nothing is left out
            found.append(one)
    return tuple(found)


def promise(confidences: Floats, correct: Bools, rate: float, sureness: float = SURENESS) -> Promise | None:
    """The lowest threshold at which at most `rate` of the answered turns are wrong; None when no threshold is safe."""
    answered, wrong = _tallied(confidences, correct)
    doubt = (1 - sureness) / len(_STARTS)
    last: int | None = None
    for start in _STARTS:
        at = int(np.searchsorted(answered, max(1, start * len(confidences))))
        while at < len(_GRID) and looks_safe(int(wrong[at]), int(answered[at]), rate, doubt):
            last = at if last is None else max(last, at)
            at += 1
    if last is None:
        return None
    n = int(answered[last])
    return Promise(rate, float(_GRID[last]), round(n / len(confidences), 4), n, int(wrong[last]))


def _tallied(confidences: Floats, correct: Bools) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many turns each threshold of the grid answers, and how many of those are wrong."""
    order = np.argsort(-confidences, kind="stable")
    answered = np.searchsorted(-confidences[order], -_GRID.astype(np.float32), side="right")
    wrong = np.concatenate([[0], np.cumsum(~correct[order])])
    return answered, wrong[answered]


def kept(promises: Sequence[Promise], rate: float, what: str) -> Promise:
    """The promise to keep for the wanted rate: the most lenient that is no more lenient than it.

    Raises PromiseImpossible, naming the lowest rate that can be promised; `what` (a language) is said in it.
    """
    strict = [one for one in promises if one.rate <= rate + 1e-9]
    if strict:
        return max(strict, key=lambda one: one.rate)
    lowest = (
        f"the lowest it can promise is {min(one.rate for one in promises):g}" if promises else "it can promise none"
    )
    raise PromiseImpossible(
        f"this model can't promise an error rate of {rate:g} for '{what}': {lowest}. Allow more "
        "(KEFU_NLU_MAX_ERROR_RATE), work it out on more messages of your own (`kefu evaluate --calibrate`), or train "
        "with more and cleaner examples (`kefu train`); docs/confidence.md explains it"
    )


def looks_safe(wrong: int, answered: int, rate: float, doubt: float) -> bool:
    """Whether so few mistakes would be seen with probability `doubt` at most, were the true error rate `rate`."""
    return answered > 0 and at_most(wrong, answered, rate) <= doubt


def at_most(wrong: int, answered: int, rate: float) -> float:
    """P(at most `wrong` of `answered`) where each is wrong with probability `rate`, 0 < rate < 1."""
    if wrong >= answered:
        return 1.0
    k = np.arange(1, wrong + 1)
    steps = np.log((answered - k + 1) / k) + np.log(rate) - np.log1p(-rate)
    logs = answered * np.log1p(-rate) + np.concatenate([[0.0], np.cumsum(steps)])
    return float(min(1.0, np.exp(logs).sum()))


def upper_bound(wrong: int, answered: int, sureness: float = SURENESS) -> float:
    """The highest error rate that what was seen leaves credible (Clopper-Pearson, one-sided)."""
    low, high = 0.0, 1.0
    if wrong >= answered:
        return 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if at_most(wrong, answered, middle) > 1 - sureness else (low, middle)
    return high


def risk_curve(confidences: Floats, correct: Bools) -> tuple[RiskPoint, ...]:
    """Every threshold that answers another share of the turns, strictest first; confidences of 0 are never answered."""
    order = np.argsort(-confidences, kind="stable")
    answerable = order[confidences[order] > 0]
    wrong = np.cumsum(~correct[answerable])
    ends = [n for n in range(len(answerable)) if _is_last(confidences[answerable], n)]
    return tuple(
        RiskPoint(float(confidences[answerable[n]]), (n + 1) / len(confidences), float(wrong[n] / (n + 1)))
        for n in ends
    )


def _is_last(ordered: Floats, n: int) -> bool:
    """Of equal confidences, all are answered or none."""
    return n + 1 == len(ordered) or ordered[n + 1] < ordered[n]
