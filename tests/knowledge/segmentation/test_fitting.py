"""Segments of made-up shops: named, alike for alike customers, and never read from after the cut."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.customers.features import customer_features
from knowledge.customers.transactions import Transactions
from knowledge.segmentation import ARCHETYPES, SegmentationError, SegmentModel, TooFewCustomers, fit
from knowledge.segmentation.archetypes import LADDER
from tests.knowledge.segmentation.shops import CUT, START, joined, shop, table

SHOP = shop()
MODEL = fit(SHOP, CUT)


def as_json(model: SegmentModel, folder: Path) -> str:
    model.save(folder)
    return (folder / "segments.json").read_text("utf-8")


def test_better_rungs_are_better_customers() -> None:
    features = customer_features(SHOP, CUT)
    found = MODEL.assign(features)
    ladder = [each.code for each in LADDER]
    assert list(MODEL.rungs) == sorted(MODEL.rungs, key=ladder.index)
    assert len(set(MODEL.rungs)) == len(MODEL.rungs) >= 3
    spend = [features.column("spend_182")[found.codes == code].mean() for code in MODEL.rungs]
    assert spend == sorted(spend)
    assert set(found.codes.tolist()) <= set(ARCHETYPES)


@settings(max_examples=5, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 450), st.floats(0, 300), st.floats(0, 1e6)),
        min_size=1,
        max_size=40,
    )
)
def test_nothing_from_the_cut_on_is_read(rows: list[tuple[int, float, float]]) -> None:
    small = shop(60, seed=5)
    cut = START + 300
    later = table([f"c{who:05d}" for who, _, _ in rows], cut + np.array([after for _, after, _ in rows]),
                  [paid for *_, paid in rows])  # fmt: skip
    more = joined(small.before(cut), later)
    ours, theirs = fit(small.before(cut), cut), fit(more, cut)
    assert json.dumps(ours.figures) == json.dumps(theirs.figures)
    assert ours.centres.tolist() == theirs.centres.tolist()
    known = ours.assign(customer_features(small, cut)), theirs.assign(customer_features(more, cut))
    assert known[0].codes.tolist() == known[1].codes.tolist()


def test_the_same_rows_give_the_same_model_and_a_folder_keeps_all_of_it(tmp_path: Path) -> None:
    again = as_json(fit(SHOP, CUT), tmp_path / "again")
    assert as_json(MODEL, tmp_path / "first") == again
    loaded = SegmentModel.load(tmp_path / "first")
    features = customer_features(SHOP, CUT)
    assert as_json(loaded, tmp_path / "loaded") == again
    assert (loaded.assign(features).codes == MODEL.assign(features).codes).all()


def test_a_folder_without_segments_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SegmentationError, match="fit the customer models again"):
        SegmentModel.load(tmp_path)
    (tmp_path / "segments.json").write_text('{"format": 99}', "utf-8")
    with pytest.raises(SegmentationError, match="format 99"):
        SegmentModel.load(tmp_path)


def test_the_currency_does_not_matter() -> None:
    yen = replace(SHOP, amount=SHOP.amount * 150)
    features = customer_features(SHOP, CUT)
    dearer = fit(yen, CUT).assign(customer_features(yen, CUT))
    assert (dearer.codes == MODEL.assign(features).codes).mean() > 0.999


@pytest.mark.parametrize("customers", [0, 1, 29])
def test_too_few_customers_are_not_grouped(customers: int) -> None:
    few = shop(customers) if customers else table([], np.empty(0))
    with pytest.raises(TooFewCustomers, match=f"{customers} customers .* RFM rule"):
        fit(few, CUT)


def without_prices(transactions: Transactions) -> Transactions:
    return replace(transactions, amount=np.zeros(len(transactions)))


@pytest.mark.parametrize(
    "transactions",
    [
        shop(30),
        without_prices(SHOP),
        table([f"c{n}" for n in range(100)], np.full(100, CUT - 1.5), np.full(100, 9.0)),
        table([f"c{n}" for n in range(500)], CUT - np.arange(500.0) / 2 - 1, np.full(500, 9.0)),
        SHOP.between(CUT - 20, CUT),
        table([f"c{n % 60}" for n in range(240)], CUT - 200 + np.repeat([0.0, 60, 120, 190], 60), np.ones(240)),
    ],
    ids=["thirty customers", "no prices", "everybody once on one day", "everybody once", "a young shop", "all alike"],
)
def test_odd_shops_get_segments_too(transactions: Transactions) -> None:
    model = fit(transactions, CUT)
    found = model.assign(customer_features(transactions, CUT))
    assert set(found.codes.tolist()) <= set(ARCHETYPES)
    assert np.isfinite(found.position).all()
    assert all(row["customers"] >= 5 for row in model.figures["segments"])


def test_a_slow_shop_gets_a_long_horizon() -> None:
    slow = table([f"c{n % 300}" for n in range(900)], CUT - np.linspace(1, 1200, 900), np.full(900, 50.0))
    assert fit(slow, CUT).horizon_days > MODEL.horizon_days


def test_progress_is_told_to_the_end() -> None:
    told: list[float] = []
    fit(shop(40), CUT, lambda _, share: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1.0
