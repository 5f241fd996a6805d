"""Chances by category: who bought tea will buy tea; blind for the future; a shop without categories is told so."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.customers.transactions import Items, Transactions
from knowledge.prediction import PredictionError, categories, measures
from tests.knowledge.prediction.shops import CUT, items_of, shop, silently, transactions_of, with_more

pytest.importorskip("lightgbm")


def tea_and_cups(later: int = 30) -> Transactions:
    """Each customer buys in one of two categories nearly always."""
    random, rows = np.random.default_rng(3), []
    for one in range(250):
        likes, day, gap = one % 2, random.uniform(0, 60), random.uniform(8, 60)
        while day < 200 + later:
            item = 3 * int(random.integers(0, 5)) + (likes if random.uniform() < 0.9 else 1 - likes)
            rows.append((f"c{one:03d}", f"i{item}", CUT - 200 + day, 5.0))
            day += random.exponential(gap)
    return transactions_of(rows)


def test_who_bought_tea_will_buy_tea(tmp_path: Path) -> None:
    transactions = tea_and_cups()
    items = items_of(transactions)
    model = categories.fit(transactions, items, CUT, silently)
    assert set(model.categories) == {"tea", "cups"}
    found = model.predict(transactions, items, CUT)
    model.save(tmp_path)
    again = categories.CategoryModel.load(tmp_path).predict(transactions, items, CUT)
    np.testing.assert_array_equal(again.values, found.values)
    ahead = transactions.between(CUT, CUT + categories.DAYS)
    for place, name in enumerate(found.categories):
        buyers = ahead.customer[items.categories[ahead.item] == name]
        labels = np.isin(found.customers, buyers).astype(np.float64)
        assert measures.auc(found.values[:, place], labels) > 0.75
        assert found.values[:, place].mean() == pytest.approx(labels.mean(), abs=0.06)


def test_nothing_at_or_after_the_cut_is_read() -> None:
    transactions = tea_and_cups()
    items, more = items_of(transactions), with_more(transactions, CUT, seed=1)
    expected = categories.fit(transactions, items, CUT, silently).predict(transactions, items, CUT)
    found = categories.fit(more, items, CUT, silently).predict(more, items, CUT)
    np.testing.assert_array_equal(found.values, expected.values)


def test_what_cannot_be_predicted_is_said() -> None:
    transactions = shop(50)
    nameless = Items(transactions.items, np.full(len(transactions.items), ""))
    with pytest.raises(PredictionError, match="--items"):
        categories.fit(transactions, nameless, CUT, silently)
    short = transactions_of([("a", "i0", CUT - 20, 1.0), ("b", "i1", CUT - 3, 1.0)])
    with pytest.raises(PredictionError, match="at least 84 days"):
        categories.fit(short, items_of(short), CUT, silently)
