"""A part of a whole, NaN where there is no whole: the trees know what to do with it."""

import numpy as np
from numpy.typing import ArrayLike

from knowledge.customers.transactions import Floats


def ratio(part: ArrayLike, whole: ArrayLike) -> Floats:
    """Element by element; NaN where `whole` is not above 0, or either is NaN."""
    above, below = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    return np.asarray(np.divide(above, below, out=np.full(len(below), np.nan), where=below > 0), dtype=np.float64)
