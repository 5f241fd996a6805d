"""A real grocer's data: the counts of the protocol, and what docs/predictions.md says but for noise."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.crm import prediction as benchmark
from knowledge.prediction import fit, measures
from knowledge.prediction.tasks import ACTIVE
from knowledge.prediction.visits import Visits
from tests.knowledge.prediction.shops import silently

pytest.importorskip("lightgbm")


def test_who_will_come_back_within_four_weeks(shared_data: Path) -> None:
    if not (shared_data / "complete_journey").is_dir():
        pytest.skip("Complete Journey is not in ../shared/data")
    journey = benchmark.load(shared_data, benchmark.JOURNEY, benchmark.JOURNEY_ITEMS)
    cut = benchmark.JOURNEY_START + 336
    model = fit(journey.transactions, journey.items, cut, silently, (ACTIVE,))
    found = model.predict(journey.transactions, cut)
    labels = ACTIVE.labels(Visits.before(journey.transactions, cut + 28), found.customers, 28, 28)
    assert len(labels) == 2461
    assert labels.mean() == pytest.approx(0.811, abs=0.001)
    assert measures.auc(found.values["active"], labels) > 0.875
    assert measures.ece(found.values["active"], labels) < 0.03
    assert np.unique(found.values["active"]).size > 1000
