"""TIFU-KNN: baskets weighted within groups and groups weighted over time, then blended with like customers.

Hu, He, Gao, Zhang: "Modeling Personalized Item Frequency Information for Next-basket Recommendation", SIGIR 2020.
"""

import numpy as np

from knowledge.customers.transactions import Floats, Ints
from knowledge.recommendation.history import History
from knowledge.recommendation.scorers.user_knn import Blend, blend

GROUP = 7
WITHIN, BETWEEN = 0.9, 0.7
NEIGHBOURS = 300
OWN_SHARE = 0.7


def fit(history: History, references: Ints) -> Blend:
    return blend(history, history.summed(_weights(history)), references, NEIGHBOURS, 1 - OWN_SHARE)


def _weights(history: History) -> Floats:
    """(n,) of each purchase: the latest basket of the latest group counts most; groups are filled from the end."""
    bought, counts = history.purchases, np.diff(history.orders.of_customer)
    ago = counts[bought.customer] - 1 - bought.basket
    groups = -(-counts // GROUP)
    size = np.minimum(GROUP, counts[bought.customer] - ago // GROUP * GROUP)
    return np.asarray(WITHIN ** (ago % GROUP) / size * BETWEEN ** (ago // GROUP) / groups[bought.customer])
