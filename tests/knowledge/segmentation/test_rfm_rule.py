"""The plain rule serves without a fit: one customer, many, and none."""

import numpy as np

from knowledge.customers.features import customer_features
from knowledge.segmentation import ARCHETYPES, rfm_segments
from knowledge.segmentation.rfm_rule import rfm_cells, rfm_scores
from tests.knowledge.segmentation.shops import CUT, shop, table


def test_every_customer_gets_a_segment_and_the_best_are_champions() -> None:
    features = customer_features(shop(), CUT)
    found = rfm_segments(features)
    assert set(found.codes.tolist()) <= set(ARCHETYPES)
    assert len(set(found.codes.tolist())) >= 6
    champions = features.column("spend")[found.codes == "champions"]
    assert champions.mean() > 3 * features.column("spend").mean() / 2


def test_the_score_is_the_third_one_is_in() -> None:
    features = customer_features(table([f"c{n}" for n in range(9)], CUT - 1 - np.arange(9.0), np.full(9, 5.0)), CUT)
    assert rfm_scores(features)[:, 0].tolist() == [3, 3, 3, 2, 2, 2, 1, 1, 1]
    assert len(set(rfm_scores(features)[:, 2].tolist())) == 1


def test_one_customer_and_none() -> None:
    one = customer_features(table(["only"], np.array([CUT - 2]), [3.0]), CUT)
    assert rfm_segments(one).codes.tolist() == ["new"]
    nobody = customer_features(table([], np.empty(0)), CUT)
    assert rfm_segments(nobody).counts() == {}
    assert len(rfm_cells(nobody)) == 0
