"""What the segments are compared with, and the plane that they are seen on."""

import numpy as np

from knowledge.customers.features import customer_features
from knowledge.segmentation.alternatives import gaussian_mixture, hdbscan, plane, rfm_k_means, standardised
from tests.knowledge.segmentation.shops import CUT, shop

FEATURES = customer_features(shop(), CUT)


def test_the_plane_shows_most_of_what_differs() -> None:
    seen = plane(FEATURES)
    assert seen.points.shape == (len(FEATURES.customers), 2)
    assert 0.6 < seen.shares.sum() <= 1.0
    assert np.corrcoef(seen.points[:, 0], np.log1p(FEATURES.column("spend")))[0, 1] > 0.5


def test_the_other_methods_group_every_customer() -> None:
    table = standardised(FEATURES)
    assert len(set(rfm_k_means(table, 4).tolist())) == 4
    assert len(set(gaussian_mixture(table, 3).tolist())) == 3
    assert len(hdbscan(table, 20)) == len(table)
