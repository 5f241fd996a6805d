"""The plain rule: thirds of recency, orders and spend. Needs no fit and no extra, and never moves by chance.

Serves a shop before the first fit, and stands beside the learnt segments in every comparison.
"""

import numpy as np

from knowledge.customers.features import Features
from knowledge.customers.transactions import Ints, Texts
from knowledge.segmentation.archetypes import (
    AT_RISK,
    CHAMPIONS,
    HIBERNATING,
    LOST,
    LOYAL,
    NEED_ATTENTION,
    NEW,
    PROMISING,
)
from knowledge.segmentation.model import Segments

GRID = {
    (3, 3): CHAMPIONS,
    (3, 2): LOYAL,
    (3, 1): PROMISING,
    (2, 3): LOYAL,
    (2, 2): NEED_ATTENTION,
    (2, 1): HIBERNATING,
    (1, 3): AT_RISK,
    (1, 2): HIBERNATING,
    (1, 1): LOST,
}
"""(third of recency, third of orders and spend together), 3 is best."""
NEW_DAYS = 28.0


def rfm_segments(features: Features) -> Segments:
    """Everybody's segment, compared with the others in `features`; a shop of one customer has one champion or none."""
    scores = rfm_scores(features)
    worth = np.minimum(3, (scores[:, 1] + scores[:, 2] + 1) // 2)
    codes = np.array([GRID[int(r), int(w)].code for r, w in zip(scores[:, 0], worth, strict=True)], dtype="U40")
    is_first = (features.column("orders") == 1) & (features.column("tenure_days") <= NEW_DAYS)
    codes[is_first] = NEW.code
    return Segments(features.customers, codes, np.full(len(codes), np.nan))


def rfm_scores(features: Features) -> Ints:
    """(m, 3) thirds (1 to 3, 3 is best) of recency, orders and spend."""
    columns = [-features.column("recency_days"), features.column("orders"), features.column("spend")]
    return np.column_stack([_thirds(column) for column in columns]) if len(columns[0]) else np.empty((0, 3), np.int32)


def rfm_cells(features: Features) -> Texts:
    """(m,) the 3 × 3 × 3 cell, e.g. "331"."""
    return np.array(["".join(str(score) for score in row) for row in rfm_scores(features)], dtype=np.str_)


def _thirds(column: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Ints:
    """Customers with the same value get the same score."""
    return (1 + np.searchsorted(np.quantile(column, [1 / 3, 2 / 3]), column, side="left")).astype(np.int32)
