"""A shop's models from its transactions: chosen, kept, read again, blind for the future, and able to say why."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.customers.transactions import Transactions
from knowledge.prediction import DamagedModel, NothingBought, PredictionModel, fit, measures
from knowledge.prediction.reasons import CODES, by_code
from knowledge.prediction.rhythm import Rhythm
from knowledge.prediction.selection import FAMILIES, choose, fitted
from knowledge.prediction.snapshots import Past
from knowledge.prediction.tasks import ACTIVE, CHURN, PURCHASES, SPEND, TASKS, Task
from knowledge.prediction.visits import Visits
from tests.knowledge.prediction.shops import CUT, items_of, shop, silently, transactions_of, with_more

pytest.importorskip("lightgbm")
NAMES = {task.name for task in TASKS}


@pytest.fixture(scope="module")
def model() -> PredictionModel:
    transactions = shop(600, later=100)
    return fit(transactions, items_of(transactions), CUT, silently)


def test_it_knows_who_will_buy(model: PredictionModel) -> None:
    transactions = shop(600, later=100)
    found = model.predict(transactions, CUT)
    later = Visits.before(transactions, CUT + 100)
    for task in (ACTIVE, CHURN):
        labels = task.labels(later, found.customers, 100, task.days)
        assert measures.auc(found.values[task.name], labels) > 0.75
        assert measures.ece(found.values[task.name], labels) < 0.08
    labels = PURCHASES.labels(later, found.customers, 100, PURCHASES.days)
    assert measures.mae(found.values["purchases"], labels) < 0.8 * measures.mae(
        np.full(len(labels), labels.mean()), labels
    )
    assert set(model.metrics["active"]) >= {"auc", "ap", "brier", "ece", "customers"}


def test_every_customer_gets_a_value_that_makes_sense(model: PredictionModel) -> None:
    transactions = shop(600)
    found = model.predict(transactions, CUT)
    np.testing.assert_array_equal(found.customers, np.unique(transactions.customer))
    assert set(found.values) == NAMES
    for name, values in found.values.items():
        assert np.isfinite(values).all() and (values >= 0).all()
        assert name in ("purchases", "spend") or (values <= 1).all()


def subscribers(customers: int = 300, days: int = 500) -> Transactions:
    """Every other customer gets a box every month, the rest one every quarter; one in twenty-five cancels at a box."""
    random, rows = np.random.default_rng(2), []
    for one in range(customers):
        day, step = random.uniform(0, days / 2), 30.0 if one % 2 else 90.0
        while day < days:
            rows.append((f"c{one:04d}", "box", CUT - days + day, 39.0 if one % 2 else 99.0))
            day = day + step if random.random() > 0.04 * step / 30 else float(days)
    return transactions_of(rows)


@pytest.mark.parametrize("task", [PURCHASES, SPEND])
def test_who_buys_by_the_quarter_is_foreseen_by_quarters(task: Task) -> None:
    """Four weeks say nothing of who gets a box every ninety days: windows of 91 days are learned from alone."""
    past = Past(Visits.before(subscribers(), CUT))
    families = {"regression": FAMILIES["regression"]}
    chosen = choose(past, task, families)
    assert chosen.horizons == (91,)
    of_all = fitted("regression", past, task, 91).scores(past.rhythm(91).values)
    missed = measures.rmse(np.exp(of_all), chosen.labels)
    assert measures.rmse(chosen.out_of_time, chosen.labels) < 0.9 * missed


def test_nothing_at_or_after_the_cut_is_read() -> None:
    transactions, tasks = shop(300, later=60), (ACTIVE, PURCHASES)
    items = items_of(transactions)
    expected = fit(transactions, items, CUT, silently, tasks).predict(transactions, CUT)
    more = with_more(transactions, CUT, seed=7)
    found = fit(more, items, CUT, silently, tasks).predict(more, CUT)
    for task in tasks:
        np.testing.assert_array_equal(found.values[task.name], expected.values[task.name])


def test_a_folder_gives_back_the_same_model(model: PredictionModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    assert {file.suffix for file in tmp_path.iterdir()} <= {".json", ".npz", ".txt"}
    again, transactions = PredictionModel.load(tmp_path), shop(50)
    expected, found = model.predict(transactions, CUT), again.predict(transactions, CUT)
    for name in NAMES:
        np.testing.assert_array_equal(found.values[name], expected.values[name])
    assert again.metrics == model.metrics


def test_a_damaged_folder_says_what_to_do(model: PredictionModel, tmp_path: Path) -> None:
    with pytest.raises(DamagedModel, match="kefu crm fit"):
        PredictionModel.load(tmp_path)
    model.save(tmp_path)
    described = tmp_path / "model.json"
    described.write_text(described.read_text("utf-8").replace('"recency_days"', '"renamed"'), "utf-8")
    with pytest.raises(DamagedModel, match="another version"):
        PredictionModel.load(tmp_path)


def test_reasons_are_the_strongest_parts_of_the_score(model: PredictionModel) -> None:
    transactions = shop(600)
    found = model.predict(transactions, CUT)
    rhythm = Rhythm.of(Visits.before(transactions, CUT))
    for task in sorted(NAMES):
        scorer = model.fitted(task).scorer
        parts = by_code(rhythm.names, scorer.contributions(rhythm.values))
        np.testing.assert_allclose(parts.sum(axis=1), scorer.scores(rhythm.values), atol=1e-8)
        rows = np.array([5, 2, 17], dtype=np.int32)
        for row, why in zip(rows.tolist(), found.explain(task, rows, most=len(CODES)), strict=True):
            expected = sorted((abs(part) for part in parts[row, :-1]), reverse=True)
            np.testing.assert_allclose([abs(one.contribution) for one in why], expected, atol=1e-12)
        assert [len(why) for why in found.explain(task, rows)] == [3, 3, 3]


@pytest.mark.parametrize("customers", [1, 2, 30])
def test_a_small_shop_is_served_too(customers: int, tmp_path: Path) -> None:
    transactions = shop(customers)
    model = fit(transactions, items_of(transactions), CUT, silently)
    found = model.predict(transactions, CUT)
    assert len(found.customers) == customers
    for name in NAMES:
        assert np.isfinite(found.values[name]).all()
        assert len(found.explain(name, np.arange(customers, dtype=np.int32))) == customers
    model.save(tmp_path)
    assert PredictionModel.load(tmp_path).fitted("churn").told() == model.fitted("churn").told()


def test_one_purchase_is_enough_for_a_guess_that_says_it_is_one() -> None:
    transactions = transactions_of([("a", "i1", CUT - 20, 12.0)])
    model = fit(transactions, items_of(transactions), CUT, silently)
    found = model.predict(transactions, CUT)
    assert 0 < found.values["active"][0] < 1
    assert found.values["spend"][0] > 0
    assert "untested in windows of 28 days: the history is too short" in model.fitted("active").told()


def faithful(customers: int) -> Transactions:
    """All come every week, for a year."""
    return transactions_of([(f"c{n}", "i1", CUT - 7 * week - 1, 9.0) for n in range(customers) for week in range(52)])


@pytest.mark.parametrize(("customers", "why"), [(20, "fewer than 150 examples"), (90, "nearly all customers did")])
def test_why_a_task_is_untested_is_told_as_it_is(customers: int, why: str, tmp_path: Path) -> None:
    model = fit(faithful(customers), items_of(faithful(customers)), CUT, silently, (CHURN,))
    assert why in model.fitted("churn").told()
    model.save(tmp_path)
    assert PredictionModel.load(tmp_path).fitted("churn").told() == model.fitted("churn").told()


def test_without_purchases_there_is_nothing_to_predict() -> None:
    transactions = shop(5)
    with pytest.raises(NothingBought, match="--cut"):
        fit(transactions, items_of(transactions), CUT - 1000, silently)
    model = fit(transactions, items_of(transactions), CUT, silently)
    assert len(model.predict(transactions, CUT - 1000).customers) == 0
