"""How good ranked lists are: recall and NDCG at k, and intervals by resampling customers."""

from dataclasses import dataclass

import numpy as np

from knowledge.customers.transactions import Floats, Ints
from knowledge.recommendation.history import Longs

RESAMPLES = 2000


@dataclass(frozen=True)
class Scored:
    """By customer, in the order of `customers`; those without a right answer are left out."""

    customers: Longs
    recall: Floats
    ndcg: Floats


def score(lists: dict[int, Ints], customer: Ints, item: Ints, k: int = 10) -> Scored:
    """`lists`: items by customer, best first; (customer[i], item[i]) are the right answers of those customers.

    NDCG: hits discounted by log2(place + 1), over the best list of min(k, answers) hits.
    """
    discount = 1 / np.log2(np.arange(2, k + 2))
    ideal = np.cumsum(discount)
    by = np.argsort(customer, kind="stable")
    known, starts = np.unique(customer[by], return_index=True)
    answers = dict(zip(known.tolist(), np.split(item[by], starts[1:]), strict=True))
    counted = [one for one in lists if one in answers]
    recall, ndcg = np.zeros(len(counted)), np.zeros(len(counted))
    for place, one in enumerate(counted):
        hits = np.isin(lists[one][:k], answers[one])
        recall[place] = hits.sum() / len(answers[one])
        ndcg[place] = (hits * discount[: len(hits)]).sum() / ideal[min(k, len(answers[one])) - 1]
    return Scored(np.array(counted, dtype=np.int64), recall, ndcg)


def interval(values: Floats, seed: int = 0) -> tuple[float, float]:
    """95 % bootstrap interval of the mean; of differences by customer it is a paired one."""
    rng = np.random.default_rng(seed)
    means = [values[rng.integers(0, len(values), len(values))].mean() for _ in range(RESAMPLES)]
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))
