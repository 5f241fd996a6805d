"""Not five of a kind: each further pick is weighed against what was picked before.

Maximal marginal relevance: Carbonell, Goldstein: "The Use of MMR, Diversity-Based Reranking for Reordering Documents
and Producing Summaries", SIGIR 1998. Two products are alike when they are of one category.
"""

import numpy as np

from knowledge.customers.transactions import Floats, Ints
from knowledge.recommendation.history import Longs

VARIETY = 0.15
"""0: only the score counts; 1: only variety does."""


def diverse(scores: Floats, kinds: Ints | Longs, most: int, variety: float = VARIETY) -> list[int]:
    """Places of up to `most` of the products, the best first; `scores` are above 0 for what fits at all."""
    relevance = scores / max(1e-12, float(scores.max(initial=0.0)))
    left = np.ones(len(scores), dtype=bool)
    alike = np.zeros(len(scores))
    picked: list[int] = []
    while len(picked) < most and left.any():
        value = np.where(left, (1 - variety) * relevance - variety * alike, -np.inf)
        best = int(value.argmax())
        picked.append(best)
        left[best] = False
        alike[kinds == kinds[best]] = 1.0
    return picked
