"""Who is in which segment: staying is easier than getting there; newcomers and the silent are told apart."""

import subprocess
import sys
import time

import numpy as np

from knowledge.customers.features import Features, customer_features
from knowledge.customers.transactions import Floats, Ints
from knowledge.segmentation import fit
from knowledge.segmentation.line import borders
from tests.knowledge.segmentation.shops import CUT, joined, shop, table

SHOP = shop()
MODEL = fit(SHOP, CUT)


def test_whoever_stands_near_a_border_stays() -> None:
    features = customer_features(SHOP, CUT)
    fresh = MODEL.assign(features)
    on_rung = np.isin(fresh.codes, MODEL.rungs) & (MODEL.stages.silences(features) <= 1)
    gap = np.abs(fresh.position[:, None] - borders(MODEL.centres)[None]).min(axis=1)
    near = on_rung & (gap < 0.02)
    far = on_rung & (gap > 0.3)
    assert near.any() and far.any()
    neighbour = np.array(MODEL.rungs)[_other_side(fresh.position)]
    kept = MODEL.assign(features, neighbour)
    assert (kept.codes[near] == neighbour[near]).all()
    assert (kept.codes[far] == fresh.codes[far]).all()


def _other_side(position: Floats) -> Ints:
    """The rung across the nearest border."""
    between = borders(MODEL.centres)
    nearest = np.abs(position[:, None] - between[None]).argmin(axis=1)
    return np.asarray(nearest + (position < between[nearest]) * 1, dtype=np.int32)


def test_nobody_flickers_from_day_to_day() -> None:
    """Of the moves in a month of nightly runs, fewer with a past than without."""
    moves = {True: 0, False: 0}
    for remembers in moves:
        previous = np.full(len(SHOP.customers), "", dtype="U40")
        for day in range(28):
            features = customer_features(SHOP, CUT - 28 + day)
            known = previous[features.customers]
            found = MODEL.assign(features, known if remembers else None)
            moves[remembers] += int((found.moved(known) & (known != "")).sum())
            previous[features.customers] = found.codes
    assert 0 < moves[True] < 0.7 * moves[False]


def test_a_segment_of_another_model_is_as_good_as_none() -> None:
    features = customer_features(SHOP, CUT)
    unknown = np.full(len(features.customers), "vip_2019")
    assert (MODEL.assign(features, unknown).codes == MODEL.assign(features).codes).all()


def test_the_newcomer_the_silent_and_the_faithful() -> None:
    weekly = CUT - np.arange(40.0, 400.0, 7)
    some = table(
        ["fresh"] + ["silent"] * len(weekly) + ["faithful"] * len(weekly),
        np.concatenate([[CUT - 3], weekly, weekly + 39]),
        np.full(1 + 2 * len(weekly), 90.0),
    )
    both = joined(SHOP, some)
    found = MODEL.assign(customer_features(both, CUT))
    code = {str(both.customers[who]): str(found.codes[row]) for row, who in enumerate(found.customers)}
    assert code["fresh"] == "new"
    assert code["silent"] == "at_risk"
    assert code["faithful"] in ("champions", "loyal")


def test_a_champion_who_never_returns_ends_on_the_lowest_rung() -> None:
    last = table(["silent"] * 50, CUT - np.arange(40.0, 390.0, 7), np.full(50, 90.0))
    both = joined(SHOP, last)
    number = int(np.flatnonzero(both.customers == "silent")[0])
    seen = []
    for after in (0, 10, 60, 400):
        features = customer_features(both, CUT + after)
        found = MODEL.assign(features)
        seen.append(str(found.codes[features.customers == number][0]))
    assert seen[0] == "at_risk"
    assert seen[-1] == MODEL.rungs[0]


def test_a_million_customers_take_seconds() -> None:
    one = customer_features(SHOP, CUT)
    times = 1_000_000 // len(one.customers) + 1
    many = Features(np.arange(times * len(one.customers), dtype=np.int32), one.names, np.tile(one.values, (times, 1)))
    before = np.tile(MODEL.assign(one).codes, times)
    started = time.process_time()
    found = MODEL.assign(many, before)
    assert time.process_time() - started < 10
    assert not found.moved(before).any()


def test_nobody_gets_no_segment_and_that_is_no_error() -> None:
    nobody = customer_features(table([], np.empty(0)), CUT)
    assert len(MODEL.assign(nobody).codes) == 0


def test_serving_needs_none_of_the_libraries_that_fitting_needs() -> None:
    program = (
        "import sys, knowledge.segmentation\n"
        "print(sorted({'scipy', 'sklearn', 'matplotlib', 'lightgbm', 'duckdb', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
