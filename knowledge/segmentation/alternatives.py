"""Other ways to group the same customers: k-means on RFM, a Gaussian mixture, HDBSCAN; and where to see them (PCA)."""

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.customers.features import Features
from knowledge.customers.transactions import Floats

BEHAVIOUR = ("recency_days", "orders", "spend", "distinct_items", "mean_order_spend", "mean_gap_days", "trend")
OUTLIER_SHARE = 0.01
Labels = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Plane:
    """Customers seen from where they differ most: `points` (m, 2), `shares` (2,) of the variance."""

    points: Floats
    shares: Floats


def standardised(features: Features, columns: tuple[str, ...] = ("recency_days", "orders", "spend")) -> Floats:
    """(m, c) logarithms, drawn in at the outermost hundredths, in standard deviations."""
    table = np.column_stack([np.log1p(features.column(name)) for name in columns])
    low, high = np.quantile(table, [OUTLIER_SHARE, 1 - OUTLIER_SHARE], axis=0)
    table = np.clip(table, low, high)
    spread = table.std(axis=0)
    return np.asarray((table - table.mean(axis=0)) / np.where(spread > 0, spread, 1.0))


def plane(features: Features, columns: tuple[str, ...] = BEHAVIOUR) -> Plane:
    """The two main axes (PCA), each turned so that spend goes up with it."""
    table = standardised(features, columns)
    _, lengths, axes = np.linalg.svd(table - table.mean(axis=0), full_matrices=False)
    signs = np.where(axes[:2, columns.index("spend")] < 0, -1.0, 1.0)
    loadings = axes[:2] * signs[:, None]
    return Plane(table @ loadings.T, (lengths**2 / max(1e-12, float((lengths**2).sum())))[:2])


def rfm_k_means(table: Floats, k: int, counts: Floats | None = None, seed: int = 0) -> Labels:
    """(m,) labels for all rows of `table`, fitted on them as often as `counts` says."""
    from sklearn.cluster import KMeans

    model = KMeans(k, n_init=10, random_state=seed).fit(table, sample_weight=counts)
    return np.asarray(model.predict(table), dtype=np.intp)


def gaussian_mixture(table: Floats, k: int, counts: Floats | None = None, seed: int = 0) -> Labels:
    from sklearn.mixture import GaussianMixture

    rows = table if counts is None else np.repeat(table, counts.astype(np.intp), axis=0)
    return np.asarray(GaussianMixture(k, n_init=3, random_state=seed).fit(rows).predict(table), dtype=np.intp)


def hdbscan(table: Floats, smallest: int) -> Labels:
    """(m,) -1 is noise: a customer that belongs to no dense group."""
    from sklearn.cluster import HDBSCAN

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return np.asarray(HDBSCAN(min_cluster_size=smallest).fit_predict(table), dtype=np.intp)
