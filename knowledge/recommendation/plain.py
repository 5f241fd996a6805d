"""Orders that nobody has to learn: for shops with too little to learn from, and to be beaten by what was learned."""

from collections.abc import Callable, Mapping

import numpy as np

from knowledge.customers.transactions import Floats
from knowledge.recommendation.features import pairs, table
from knowledge.recommendation.history import Scores
from knowledge.recommendation.snapshot import MODELS
from knowledge.recommendation.tasks import Task

Order = Callable[[Scores], Floats]
"""(n, f) columns of candidates → (n,) scores, higher is better within one customer."""


def blended(columns: Scores) -> Floats:
    """Own habits and the neighbours', then what is popular."""
    own = np.nan_to_num(columns[:, pairs.NAMES.index("decayed_180")])
    return np.asarray(own + _model(columns, "user_knn") + 1e-3 * _model(columns, "popularity"), dtype=np.float64)


def counted(columns: Scores) -> Floats:
    """What one bought most often, however long ago; what sells decides between equals."""
    times = np.nan_to_num(columns[:, pairs.NAMES.index("times")])
    return np.asarray(times + 0.5 * _model(columns, "popularity"), dtype=np.float64)


def popular(columns: Scores) -> Floats:
    """What sells these days, to everybody."""
    return np.asarray(_model(columns, "popularity"), dtype=np.float64)


def akin(columns: Scores) -> Floats:
    """What goes with the things one has, what sells, and one's taste."""
    parts = _model(columns, "ease_once") + 0.5 * _model(columns, "popularity") + 0.2 * _model(columns, "taste")
    return np.asarray(parts, dtype=np.float64)


def alike(columns: Scores) -> Floats:
    """What goes with the things one has; what sells decides between equals."""
    return np.asarray(_model(columns, "ease_once") + 1e-3 * _model(columns, "popularity"), dtype=np.float64)


_OWN_TOO: Mapping[str, Order] = {"blended": blended, "counted": counted, "popular": popular}
ORDERS: Mapping[Task, Mapping[str, Order]] = {
    Task.WINDOW: _OWN_TOO,
    Task.NEXT: _OWN_TOO,
    Task.NEW: {"akin": akin, "alike": alike, "popular": popular},
}
"""The first of each task's is taken where there is nothing to choose by."""


def _model(columns: Scores, name: str) -> Scores:
    """A single model's scores, 1 at most."""
    scores = columns[:, table.rank_of(name, MODELS) - 1]
    return scores / max(1e-9, float(np.abs(scores).max(initial=0.0)))
