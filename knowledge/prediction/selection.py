"""Which family predicts a task best in this shop: learned on earlier snapshots, judged on later ones.

for each validation snapshot     every family learns from what was known before it, and scores it
each calibration                 fitted on the other validation snapshots, judged on this one
amounts of 13 weeks              tried on four of them: a longer window would leave too little to learn from
the least loss wins              Brier for chances; for amounts the absolute error where most customers buy something,
                                 else the squared
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

import numpy as np

from knowledge.customers.transactions import Floats
from knowledge.prediction import measures
from knowledge.prediction.calibration import Calibration, How, calibrated
from knowledge.prediction.families.blend import Blend
from knowledge.prediction.families.boosting import boosting
from knowledge.prediction.families.lifetime import Lifetime
from knowledge.prediction.families.linear import Kind, polynomial, regression
from knowledge.prediction.families.scorer import Scorer
from knowledge.prediction.snapshots import Examples, Past, validation_ages
from knowledge.prediction.tasks import Task

Family = Callable[[Past, Task, int], Scorer | None]
"""(past, task, days before the cut) → what was learned from what was known then; None: too little to learn from."""
FEWEST_ROWS = 150
FEWEST_OF_EACH = 15
"""Examples, and those of the rarer kind, below which only the lifetime model is of use."""
HOWS: Mapping[str, tuple[How, ...]] = {"chance": ("none", "platt", "beta", "isotonic"), "amount": ("log-line",)}
AS_GOOD = 0.002
"""Losses that differ by less than this share are the same: they change places from one month to the next."""
MUCH = 0.03
"""By so much less loss the longest window alone is taken: whoever buys by the quarter does not show it in 28 days."""
JOINT = " + "
"""Between the names of families whose mean is taken."""


class Untested(StrEnum):
    """Why nothing could be tried on earlier days."""

    SHORT = "the history is too short to leave a window of that many days aside"
    FEW = f"fewer than {FEWEST_ROWS} examples of customers on earlier days"
    ALIKE = f"nearly all customers did the same: fewer than {FEWEST_OF_EACH} did it, or did not"


@dataclass(frozen=True)
class Chosen:
    """`losses`: by family and calibration, what was found on the validation snapshots; empty: there were none."""

    family: str
    calibration: Calibration
    losses: Mapping[str, float]
    out_of_time: Floats
    """(v,) predictions for the validation snapshots' customers, calibrated without them."""
    labels: Floats
    """(v,) what they did."""
    untested: Untested | None = None
    """Why there are no validation snapshots."""
    horizons: tuple[int, ...] = ()
    """Of an amount, the windows in days that it is learned from; without any the task's own."""


def learned(fit: Callable[[Floats, Floats, Kind], Scorer]) -> Family:
    """A family that learns from labels: a model for each horizon whose labels are known, read as the whole window."""

    def fitted(past: Past, task: Task, known_at: int) -> Scorer | None:
        parts = []
        for days in task.horizons:
            examples = past.training(task, days, known_at)
            if examples is not None and not _lacking([examples.labels]):
                stretch = task.days / days if task.kind == "amount" else 1.0
                parts.append(fit(examples.values, examples.labels * stretch, task.kind))
        return Blend(tuple(parts)) if parts else None

    return fitted


def lifetime(past: Past, task: Task, known_at: int) -> Scorer:
    rhythm = past.rhythm(known_at)
    return Lifetime.fitted(task.name, task.days, rhythm.names, rhythm.values)


FAMILIES: Mapping[str, Family] = {
    "lifetime": lifetime,
    "regression": learned(regression),
    "polynomial": learned(polynomial),
    "boosting": learned(boosting),
}
"""What a shop's model is chosen from, and from the means of them."""


def fitted(name: str, past: Past, task: Task, known_at: int = 0, families: Mapping[str, Family] = FAMILIES) -> Scorer:
    """The family or mean of families of that name, from everything known so many days before the cut."""
    parts = [families[part](past, task, known_at) for part in name.split(JOINT)]
    return Blend(tuple(part for part in parts if part is not None))


def choose(past: Past, task: Task, families: Mapping[str, Family] = FAMILIES) -> Chosen:
    """Without a snapshot to validate on, the lifetime model as it is."""
    trial = task.trial()
    ages = validation_ages(past.days, trial)
    labels = [past.examples(trial, age, trial.days).labels for age in ages]
    if lacking := _lacking(labels):
        return Chosen("lifetime", _as_it_is(task), {}, np.zeros(0), np.zeros(0), lacking)
    scores = _with_means(_out_of_time(past, trial, ages, families))
    tried = {(name, how): _cross(how, scores[name], labels) for name in scores for how in HOWS[task.kind]}
    judged = {key: loss(task, np.concatenate(labels))(np.concatenate(given)) for key, given in tried.items()}
    name, how = _steadiest(judged)
    losses = {" · ".join(key): value for key, value in judged.items()}
    if task.kind == "amount":
        return _level(past, task, name, losses, families)
    calibration = calibrated(how, np.concatenate(scores[name]), np.concatenate(labels))
    return Chosen(name, calibration, losses, np.concatenate(tried[name, how]), np.concatenate(labels))


def _steadiest(judged: Mapping[tuple[str, How], float]) -> tuple[str, How]:
    """The least loss; of those that are as good, the mean of most families."""
    within = (1 + AS_GOOD) * min(judged.values())
    return min((key for key in judged if judged[key] <= within), key=lambda key: (-key[0].count(JOINT), judged[key]))


def _level(past: Past, task: Task, name: str, losses: Mapping[str, float], families: Mapping[str, Family]) -> Chosen:
    """Amounts, tried on a snapshot whose whole window is over; learned from windows of all lengths unless the longest
    alone foresees much more of it.

    The total is left alone: how far it drifted in one window says little about the next.
    """
    if not validation_ages(past.days, task, 1):
        return Chosen(name, _as_it_is(task), losses, np.zeros(0), np.zeros(0), Untested.SHORT)
    known = past.examples(task, task.days, task.days)
    usual = _tried(name, past, task, known, families)
    long_ones = past.training(task, task.days, task.days)
    if long_ones is None or _lacking([long_ones.labels]):
        return replace(usual, losses=losses)
    alone = _tried(name, past, task.longest(), known, families)
    judge = loss(task, known.labels)
    is_much_better = judge(alone.out_of_time) < (1 - MUCH) * judge(usual.out_of_time)
    return replace(alone if is_much_better else usual, losses=losses)


def _tried(name: str, past: Past, task: Task, known: Examples, families: Mapping[str, Family]) -> Chosen:
    """On the customers of a snapshot as old as the task's window."""
    scores = fitted(name, past, task, task.days, families).scores(known.values)
    calibration = calibrated("log-line", scores, known.labels)
    return Chosen(name, calibration, {}, calibration(scores), known.labels, horizons=task.horizons)


def loss(task: Task, labels: Floats) -> Callable[[Floats], float]:
    if task.kind == "chance":
        return lambda predicted: measures.brier(predicted, labels)
    return lambda predicted: (measures.mae if np.median(labels) > 0 else measures.rmse)(predicted, labels)


def _out_of_time(
    past: Past, task: Task, ages: Sequence[int], families: Mapping[str, Family]
) -> dict[str, list[Floats]]:
    """Scores of each validation snapshot by each family that could learn something before all of them."""
    found: dict[str, list[Floats]] = {}
    for name, family in families.items():
        models = [family(past, task, age) for age in ages]
        if all(models):
            found[name] = [
                model.scores(past.rhythm(age).values) for model, age in zip(models, ages, strict=True) if model
            ]
    return found


def _with_means(scores: Mapping[str, list[Floats]]) -> dict[str, list[Floats]]:
    """Joined by the mean of any two or more of them: that costs no learning."""
    found = dict(scores)
    for size in range(2, len(scores) + 1):
        for names in combinations(scores, size):
            parts = zip(*(scores[name] for name in names), strict=True)
            found[JOINT.join(names)] = [np.asarray(np.mean(part, axis=0)) for part in parts]
    return found


def _cross(how: How, scores: Sequence[Floats], labels: Sequence[Floats]) -> list[Floats]:
    """Predictions of each snapshot, calibrated on the others; of a single one, on its other half."""
    if len(scores) == 1:
        return [_halves(how, scores[0], labels[0])]
    found = []
    for one, score in enumerate(scores):
        others = np.concatenate([*scores[:one], *scores[one + 1 :]])
        they_did = np.concatenate([*labels[:one], *labels[one + 1 :]])
        found.append(calibrated(how, others, they_did)(score))
    return found


def _halves(how: How, scores: Floats, labels: Floats) -> Floats:
    found, even = np.zeros(len(scores)), np.arange(len(scores)) % 2 == 0
    for half in (even, ~even):
        found[half] = calibrated(how, scores[~half], labels[~half])(scores[half])
    return found


def _as_it_is(task: Task) -> Calibration:
    return Calibration("none") if task.kind == "chance" else Calibration("log-line", (1.0, 0.0))


def _lacking(snapshots: Sequence[Floats]) -> Untested | None:
    """What is missing to choose by them."""
    if not snapshots:
        return Untested.SHORT
    labels = np.concatenate(snapshots)
    some = int((labels > 0).sum())
    if len(labels) < FEWEST_ROWS:
        return Untested.FEW
    return Untested.ALIKE if min(some, len(labels) - some) < FEWEST_OF_EACH else None
