"""The measures against scikit-learn, and their intervals."""

import numpy as np
import pytest

from knowledge.prediction import measures


@pytest.mark.parametrize("seed", range(4))
def test_the_same_as_scikit_learn(seed: int) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    random = np.random.default_rng(seed)
    labels = (random.uniform(size=200) < 0.3).astype(np.float64)
    noisy = np.clip(0.3 + 0.3 * (labels - 0.3) + random.normal(0, 0.2, 200), 0, 1)
    predicted = np.asarray(np.round(noisy, 1), dtype=np.float64)  # with ties
    assert measures.auc(predicted, labels) == pytest.approx(metrics.roc_auc_score(labels, predicted))
    assert measures.average_precision(predicted, labels) == pytest.approx(
        metrics.average_precision_score(labels, predicted)
    )
    assert measures.brier(predicted, labels) == pytest.approx(metrics.brier_score_loss(labels, predicted))


def test_one_kind_of_customers_tells_nothing() -> None:
    assert measures.auc(np.arange(5.0), np.ones(5)) == 0.5


def test_an_interval_holds_its_value() -> None:
    random = np.random.default_rng(0)
    labels = (random.uniform(size=500) < 0.3).astype(np.float64)
    found = measures.figures(measures.CHANCE, random.uniform(size=500), labels)["auc"]
    assert found.low < found.value < found.high
    assert found.low < 0.5 < found.high
