"""Who will redeem an offer: a chance for every customer it would be sent to, before it is sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from knowledge.customers.transactions import Floats, Ints, Transactions
from knowledge.prediction.calibration import Calibration, calibrated
from knowledge.prediction.errors import PredictionError
from knowledge.prediction.families.linear import steady_regression
from knowledge.prediction.families.scorer import Scorer
from knowledge.prediction.keeping import keep, kept
from knowledge.prediction.offer_history import OfferHistory, Sendings

LEAST_HISTORY_DAYS = 28
"""Of purchases before an offer starts; else nothing is known of those it went to."""
LATER_DAYS = (0, 10, 20, 30)
"""Days into an offer that are learned from too: by then more is known of what people do with offers."""
LEAST_LEFT_DAYS = 7
FEWEST_REDEEMED = 20
FOLDS = 5


@dataclass(frozen=True)
class OfferModel:
    scorer: Scorer
    calibration: Calibration

    def save(self, folder: Path) -> None:
        keep(folder, self.scorer, self.calibration, {})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Raises DamagedModel where a file is missing."""
        scorer, calibration, _ = kept(folder)
        return cls(scorer, calibration)

    def predict(self, transactions: Transactions, history: OfferHistory, offer: int) -> tuple[Ints, Floats]:
        """Customers the offer goes to, and (m,) their chances of redeeming it, from what was known before its start."""
        sendings = Sendings.of(transactions, history, offer)
        return sendings.customers, self.calibration(self.scorer.scores(sendings.values))


def fit(
    transactions: Transactions, history: OfferHistory, cut: float, progress: Callable[[str, float], None]
) -> OfferModel:
    """From the offers that ended before the day `cut`. Raises PredictionError where too few were redeemed."""
    progress("learning: offers", 0.0)
    parts = [_examples(transactions, history, offer) for offer in ended_before(transactions, history, cut)]
    if sum(float(labels.sum()) for _, _, labels in parts) < FEWEST_REDEEMED:
        raise PredictionError(f"Chances of redeeming need {FEWEST_REDEEMED} redeemed offers that ended before the cut")
    customers, values, labels = (np.concatenate(some) for some in zip(*parts, strict=True))
    progress("learning: offers", 0.5)
    return OfferModel(steady_regression(values, labels, "chance"), _calibration(values, labels, customers))


def _examples(transactions: Transactions, history: OfferHistory, offer: int) -> tuple[Ints, Floats, Floats]:
    """Customers, features and labels of an offer, as of its start and of some days into it."""
    found = []
    for days in LATER_DAYS:
        if days == 0 or history.start[offer] + days + LEAST_LEFT_DAYS < history.end[offer]:
            begun = history.begun(offer, days)
            sendings = Sendings.of(transactions, begun, offer)
            found.append((sendings.customers, sendings.values, begun.who_redeemed(offer, sendings.customers)))
    customers, values, labels = zip(*found, strict=True)
    return np.concatenate(customers), np.concatenate(values), np.concatenate(labels)


def ended_before(transactions: Transactions, history: OfferHistory, cut: float) -> Sequence[int]:
    """Offers that can be learned from: over at the cut, and with some history before their start."""
    first = float(transactions.day.min(initial=cut)) + LEAST_HISTORY_DAYS
    return np.flatnonzero((history.end < cut) & (history.start >= first)).tolist()


def _calibration(values: Floats, labels: Floats, customers: Ints) -> Calibration:
    """On customers that were left out of learning, a fifth at a time."""
    fold = np.random.default_rng(0).integers(0, FOLDS, int(customers.max()) + 1)[customers]
    scores = np.zeros(len(labels))
    for number in range(FOLDS):
        left_out = fold == number
        learned = steady_regression(values[~left_out], labels[~left_out], "chance")
        scores[left_out] = learned.scores(values[left_out])
    return calibrated("platt", scores, labels)
