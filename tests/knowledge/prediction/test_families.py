"""Every family: its score is the sum of its parts, it learns what is there, and comes back from a folder as it was."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.customers.transactions import Floats
from knowledge.prediction import measures
from knowledge.prediction.families import Scorer
from knowledge.prediction.families.blend import Blend
from knowledge.prediction.families.boosting import boosting, forest, tree
from knowledge.prediction.families.kernel import rbf_svm
from knowledge.prediction.families.lifetime import Lifetime
from knowledge.prediction.families.linear import Kind, linear_svm, polynomial, regression
from knowledge.prediction.families.loading import described, loaded
from knowledge.prediction.rhythm import Rhythm
from knowledge.prediction.visits import Visits
from tests.knowledge.prediction.shops import CUT, shop

pytest.importorskip("lightgbm")
FITS = [regression, polynomial, linear_svm, boosting, forest, tree]
KINDS: list[Kind] = ["chance", "amount"]


def examples(kind: Kind, count: int = 1500) -> tuple[Floats, Floats]:
    random = np.random.default_rng(4)
    values = random.normal(size=(count, 6))
    score = values[:, 0] - 0.7 * values[:, 1]
    if kind == "chance":
        return values, (random.uniform(size=count) < 1 / (1 + np.exp(-2 * score))).astype(np.float64)
    return values, random.poisson(np.exp(0.7 * score)).astype(np.float64)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fit", FITS, ids=lambda fit: fit.__name__)
def test_parts_add_up_to_the_score_and_survive_a_folder(fit: object, kind: Kind, tmp_path: Path) -> None:
    assert callable(fit)
    values, labels = examples(kind)
    scorer: Scorer = fit(values[:1000], labels[:1000], kind)
    scores = scorer.scores(values[1000:])
    np.testing.assert_allclose(scorer.contributions(values[1000:]).sum(axis=1), scores, atol=1e-9)
    scorer.save(tmp_path / "one")
    np.testing.assert_array_equal(loaded(tmp_path / "one", described(scorer)).scores(values[1000:]), scores)
    assert measures.auc(scores, (labels[1000:] > labels.mean()).astype(np.float64)) > 0.75


def test_an_amount_is_learned_in_any_currency() -> None:
    values, labels = examples("amount")
    for fit in (regression, boosting):
        small, large = fit(values, labels, "amount"), fit(values, labels * 1000, "amount")
        np.testing.assert_allclose(large.scores(values) - small.scores(values), np.log(1000), atol=0.02)


def test_a_blend_is_the_mean_of_its_parts(tmp_path: Path) -> None:
    values, labels = examples("chance")
    blend = Blend((regression(values, labels, "chance"), Blend((boosting(values, labels, "chance"),))))
    np.testing.assert_allclose(blend.contributions(values).sum(axis=1), blend.scores(values), atol=1e-9)
    blend.save(tmp_path / "one")
    np.testing.assert_array_equal(loaded(tmp_path / "one", described(blend)).scores(values), blend.scores(values))


@pytest.mark.parametrize("task", ["active", "churn", "purchases", "spend"])
def test_the_lifetime_model_explains_itself_exactly(task: str, tmp_path: Path) -> None:
    rhythm = Rhythm.of(Visits.before(shop(300), CUT))
    scorer = Lifetime.fitted(task, 28, rhythm.names, rhythm.values)
    scores = scorer.scores(rhythm.values)
    np.testing.assert_allclose(scorer.contributions(rhythm.values).sum(axis=1), scores, atol=1e-9)
    scorer.save(tmp_path / "one")
    np.testing.assert_array_equal(loaded(tmp_path / "one", described(scorer)).scores(rhythm.values), scores)


def test_a_kernel_is_compared_with_but_not_kept(tmp_path: Path) -> None:
    values, labels = examples("chance")
    scorer = rbf_svm(values[:1000], labels[:1000], "chance")
    assert measures.auc(scorer.scores(values[1000:]), labels[1000:]) > 0.75
    with pytest.raises(NotImplementedError):
        scorer.save(tmp_path / "one")
    with pytest.raises(NotImplementedError):
        scorer.contributions(values)


def test_a_line_goes_no_further_than_the_examples_went() -> None:
    values, labels = examples("amount")
    scorer = regression(values, labels, "amount")
    far = np.vstack([values.max(axis=0), values.max(axis=0) + 1e6])
    np.testing.assert_allclose(*scorer.scores(far))
