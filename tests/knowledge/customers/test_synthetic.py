"""Made-up shops: seeded, sorted, with the habits they claim, and readable as anybody's file."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.customers.features import customer_features
from knowledge.customers.reading import read_transactions
from knowledge.customers.synthetic import END, synthetic_shop, write_shop
from knowledge.customers.transactions import day_of


def test_the_same_seed_gives_the_same_shop() -> None:
    one, again, other = (synthetic_shop(300, seed)[0] for seed in (4, 4, 5))
    np.testing.assert_array_equal(one.day, again.day)
    np.testing.assert_array_equal(one.item, again.item)
    assert len(other) != len(one) or not np.array_equal(other.item, one.item)


def test_rows_stand_in_the_order_that_is_promised() -> None:
    shop, items = synthetic_shop(2000, 1)
    by = np.lexsort((shop.order, shop.day, shop.customer))
    np.testing.assert_array_equal(by, np.arange(len(shop)))
    assert shop.day.max() < day_of(END) and shop.quantity.min() >= 1 and shop.amount.min() > 0
    assert len(items.names) == len(shop.items) == 200


def test_customers_differ_stop_and_come_back_for_their_favourites() -> None:
    shop, _ = synthetic_shop(20_000, 1)
    assert len(shop) / 20_000 == pytest.approx(20, rel=0.15)
    features = customer_features(shop, day_of(END))
    assert (features.column("orders") == 1).mean() > 0.2, "many come once"
    assert (features.column("recency_days") > 180).mean() > 0.3, "many have stopped"
    spend = np.sort(features.column("spend"))[::-1]
    assert spend[: len(spend) // 5].sum() / spend.sum() > 0.5, "a fifth of them pays for more than half"
    often = features.column("items") > 40
    assert (features.column("distinct_items") / features.column("items"))[often].mean() < 0.7, "they repeat"
    sold = np.sort(np.bincount(shop.item))[::-1]
    assert sold[0] > 20 * sold[len(sold) // 2], "a few items sell most"


@pytest.mark.parametrize("name", ["shop.parquet", "shop.csv"])
def test_written_and_read_again(tmp_path: Path, name: str) -> None:
    shop, _ = synthetic_shop(200, 3)
    write_shop(shop, tmp_path / name)
    loaded = read_transactions(tmp_path / name)
    assert loaded.left_out == {} and loaded.transactions.customers.tolist() == shop.customers.tolist()
    one, other = (customer_features(rows, day_of(END)) for rows in (loaded.transactions, shop))
    np.testing.assert_allclose(one.values, other.values, rtol=1e-6, atol=1e-6)
