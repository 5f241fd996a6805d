"""Who will redeem an offer: a chance for every customer it would be sent to, before it is sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.customers.transactions import Floats, Ints, Transactions
from knowledge.prediction.calibration import Calibration, calibrated
from knowledge.prediction.errors import PredictionError
from knowledge.prediction.families.blend import Blend
from knowledge.prediction.families.boosting import smaller_boosting
from knowledge.prediction.families.linear import steady_regression
from knowledge.prediction.families.scorer import Scorer
from knowledge.prediction.offer_history import OfferHistory, Sendings

LEAST_HISTORY_DAYS = 28
"""Of purchases before an offer starts; else nothing is known of those it went to."""
FEWEST_REDEEMED = 20
FOLDS = 5


@dataclass(frozen=True)
class OfferModel:
    scorer: Scorer
    calibration: Calibration

    def predict(self, transactions: Transactions, history: OfferHistory, offer: int) -> tuple[Ints, Floats]:
        """Customers the offer goes to, and (m,) their chances of redeeming it, from what was known before its start."""
        sendings = Sendings.of(transactions, history, offer)
        return sendings.customers, self.calibration(self.scorer.scores(sendings.values))


def fit(
    transactions: Transactions, history: OfferHistory, cut: float, progress: Callable[[str, float], None]
) -> OfferModel:
    """From the offers that ended before the day `cut`. Raises PredictionError where too few were redeemed."""
    past = ended_before(transactions, history, cut)
    progress("learning: offers", 0.0)
    sendings = [Sendings.of(transactions, history, offer) for offer in past]
    labels = [history.who_redeemed(offer, one.customers) for offer, one in zip(past, sendings, strict=True)]
    if sum(float(some.sum()) for some in labels) < FEWEST_REDEEMED:
        raise PredictionError(f"Chances of redeeming need {FEWEST_REDEEMED} redeemed offers that ended before the cut")
    values, redeemed = np.vstack([one.values for one in sendings]), np.concatenate(labels)
    customers = np.concatenate([one.customers for one in sendings])
    progress("learning: offers", 0.5)
    return OfferModel(_learned(values, redeemed), _calibration(values, redeemed, customers))


def ended_before(transactions: Transactions, history: OfferHistory, cut: float) -> Sequence[int]:
    """Offers that can be learned from: over at the cut, and with some history before their start."""
    first = float(transactions.day.min(initial=cut)) + LEAST_HISTORY_DAYS
    return np.flatnonzero((history.end < cut) & (history.start >= first)).tolist()


def _learned(values: Floats, labels: Floats) -> Scorer:
    return Blend(tuple(fit(values, labels, "chance") for fit in (steady_regression, smaller_boosting)))


def _calibration(values: Floats, labels: Floats, customers: Ints) -> Calibration:
    """On customers that were left out of learning, a fifth at a time."""
    fold = np.random.default_rng(0).integers(0, FOLDS, int(customers.max()) + 1)[customers]
    scores = np.zeros(len(labels))
    for number in range(FOLDS):
        left_out = fold == number
        scores[left_out] = _learned(values[~left_out], labels[~left_out]).scores(values[left_out])
    return calibrated("platt", scores, labels)
