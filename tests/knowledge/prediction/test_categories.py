"""Chances by category: who bought tea will buy tea; blind for the future; a shop without categories is told so."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.customers.transactions import Items, Transactions
from knowledge.prediction import PredictionError, categories, measures, sentence
from knowledge.prediction.likely_categories import LEAST_CHANCE, likely
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


def test_the_likeliest_categories_of_each_customer_come_with_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    transactions = tea_and_cups()
    items = items_of(transactions)
    model = categories.fit(transactions, items, CUT, silently)
    chances = model.predict(transactions, items, CUT)
    explained = chances.customers[:10]
    found = likely(model, transactions, items, CUT, explained, most=1)
    assert sorted(found) == chances.customers.tolist()
    for customer, values in zip(chances.customers.tolist(), chances.values, strict=True):
        [best] = found[customer] or [None]
        if best is None:
            assert values.max() < LEAST_CHANCE
            continue
        assert best.category == chances.categories[int(values.argmax())]
        assert best.chance == pytest.approx(values.max())
        assert bool(best.reasons) == (customer in explained)
    [reason] = [one for one in found[int(explained[0])][0].reasons if one.code == "category_habit"]
    first = transactions.of(int(explained[0])).before(CUT)
    bought = first.where(items.categories[first.item] == found[int(explained[0])][0].category)
    assert reason.facts["count"] == len(np.unique(np.floor(bought.day)))
    assert "Bought in this category on" in sentence(reason, "en") and "这一类买过" in sentence(reason, "zh")
    monkeypatch.setattr("knowledge.prediction.likely_categories.AT_ONCE", 40)
    in_blocks = likely(model, transactions, items, CUT, explained, most=1)
    same = [found[one][0].category == in_blocks[one][0].category for one in found if found[one] and in_blocks[one]]
    assert np.mean(same) > 0.95
