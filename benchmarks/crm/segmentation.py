"""Segments on Complete Journey: the same customers again, the same next month, and what they say of its spend.

Three months before the last are what everything was chosen on; the last cut is what counts. Rows without pieces
or price are left out, and fuel and coupons, as is usual with these data.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from knowledge.customers.features import Features, customer_features
from knowledge.customers.reading import read_transactions
from knowledge.customers.transactions import Floats, Texts, Transactions, day_of
from knowledge.segmentation import SegmentModel, fit
from knowledge.segmentation.alternatives import gaussian_mixture, hdbscan, rfm_k_means, standardised
from knowledge.segmentation.axis import learn
from knowledge.segmentation.choosing import STABLE_ARI
from knowledge.segmentation.evidence import Evidence, gather, what_followed
from knowledge.segmentation.line import k_means
from knowledge.segmentation.rfm_rule import rfm_cells
from knowledge.segmentation.stability import Labels, adjusted_rand, eta_squared, mean_and_least

MONTH = 28
CUTS = (252, 280, 308, 336)
"""Days of 2017, the first of January being day 1; the last is the test."""
RESAMPLES = 30
MONTHS_BEFORE = 4
SQL = """
SET enable_progress_bar = false;
COPY (SELECT household_id AS customer_id, product_id AS item_id, transaction_timestamp AS "time", quantity,
             sales_value AS amount, basket_id AS order_id
      FROM '{folder}/transactions.parquet' LEFT JOIN '{folder}/products.parquet' USING (product_id)
      WHERE quantity > 0 AND sales_value > 0 AND coalesce(product_category, '') NOT ILIKE '%COUPON%'
            AND coalesce(product_category, '') NOT ILIKE 'FUEL%') TO '{file}'
"""


def main(data: Path) -> None:
    folder = data / "complete_journey"
    if not folder.is_dir():
        print(f"segments: no {folder}; left out")
        return
    transactions = read(folder)
    for day in CUTS:
        _print_cut(transactions, day)


def read(folder: Path) -> Transactions:
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "lines.parquet"
        duckdb.connect().execute(SQL.format(folder=folder, file=file))
        return read_transactions(file).transactions


@dataclass(frozen=True)
class Month:
    """A cut: the figures then, and the logarithm of what the 28 days from it brought (m,)."""

    transactions: Transactions
    cut: float
    features: Features
    followed: Floats

    @classmethod
    def at(cls, transactions: Transactions, cut: float) -> "Month":
        features = customer_features(transactions, cut)
        return cls(transactions, cut, features, np.log1p(what_followed(transactions, features.customers, cut, MONTH)))

    def earlier(self, months: int) -> Features:
        return customer_features(self.transactions, self.cut - MONTH * months)

    def before(self, then: Features, codes: Labels) -> Texts:
        """(m,) what those here now had then, "" for who was not there."""
        everybody = np.full(len(self.transactions.customers), "", dtype="U40")
        everybody[then.customers] = codes.astype("U40")
        return everybody[self.features.customers]


def _print_cut(transactions: Transactions, day: int) -> None:
    month = Month.at(transactions, day_of(date(2017, 1, 1)) - 1 + day)
    test = ", the test" if day == CUTS[-1] else ""
    print(f"\nSegments, Complete Journey, day {day}{test}: {len(month.features.customers)} households")
    started = time.perf_counter()
    model = fit(transactions, month.cut)
    seconds = time.perf_counter() - started
    print(f"fit {seconds:.1f} s; rungs {model.figures['k']} of (k, mean ARI, η² of the month before the cut):")
    for one in model.figures["candidates"]:
        print(f"  k={one['k']}  {one['ari_mean']:.3f}  {one['eta_squared']:.3f}  silhouette {one['silhouette']:.3f}"
              f"{'' if one['ari_mean'] >= STABLE_ARI else '  not stable'}")  # fmt: skip
    print(f"{'':34}{'ARI mean (least)':>18}{'η² next month':>15}{'stay':>7}")
    for name, row in _rows(month, model):
        ari = f"{row.ari[0]:.3f} ({row.ari[1]:.3f})" if row.ari else "-"
        print(f"{name:34}{ari:>18}{row.eta:>15.3f}{'-' if row.stay is None else f'{row.stay:.3f}':>7}")


@dataclass(frozen=True)
class Row:
    ari: tuple[float, float] | None
    eta: float
    stay: float | None


def _rows(month: Month, model: SegmentModel) -> Iterator[tuple[str, Row]]:
    table = standardised(month.features)
    yield "RFM k-means, k=5", _grouped(month, table, lambda rows, counts: rfm_k_means(rows, 5, counts))
    for k in (4, 6):
        mixture = lambda rows, counts, k=k: gaussian_mixture(rows, k, counts)  # noqa: E731
        yield f"Gaussian mixture, k={k}", _grouped(month, table, mixture)
    groups = hdbscan(table, 50)
    noise = f"HDBSCAN, {len(set(groups.tolist()) - {-1})} groups, {np.mean(groups < 0):.0%} noise"
    yield noise, Row(None, eta_squared(groups, month.followed), None)
    rule = rfm_cells(month.features)
    then = month.earlier(1)
    yield "RFM rule, 27 cells", _row(month, rule, month.before(then, rfm_cells(then)), (1.0, 1.0))
    yield from own_rows(month, model)


def own_rows(month: Month, model: SegmentModel) -> Iterator[tuple[str, Row]]:
    ari = _resampled(month, model)
    then = month.earlier(1)
    fresh = model.assign(month.features).codes
    yield "own, everybody anew each month", _row(month, fresh, month.before(then, model.assign(then).codes), ari)
    codes, previous = _kept(month, model)
    yield "own, staying is easier", _row(month, codes, previous, ari)
    codes, previous = _kept(month, None)
    yield "the same, learnt anew each month", _row(month, codes, previous, None)


def _row(month: Month, labels: Labels, previous: Labels, ari: tuple[float, float] | None) -> Row:
    known = previous != ""
    return Row(ari, eta_squared(labels, month.followed), float(np.mean(labels[known] == previous[known])))


def _grouped(month: Month, table: Floats, group: Callable[[Floats, Floats | None], Labels]) -> Row:
    """A method of its own: fitted on resamples; last month's customers are put into this month's groups."""
    own = group(table, None)
    others = [adjusted_rand(own, group(table, counts)) for counts in _draws(len(table))]
    then = month.earlier(1)
    both = _group_both(table, standardised(then), group)
    stay = month.before(then, both)
    known = stay != ""
    kept = float(np.mean(own.astype("U40")[known] == stay[known]))
    return Row(mean_and_least(others), eta_squared(own, month.followed), kept)


def _group_both(now: Floats, then: Floats, group: Callable[[Floats, Floats | None], Labels]) -> Labels:
    """(m of then,) labels of a fit on `now` alone."""
    counts = np.concatenate([np.ones(len(now)), np.zeros(len(then))])
    return group(np.vstack([now, then]), counts)[len(now) :]


def _resampled(month: Month, model: SegmentModel) -> tuple[float, float]:
    """The whole fit again on other customers: axis, borders and stages; k as chosen."""
    evidence = gather(month.transactions, month.cut, model.horizon_days)
    own = model.assign(month.features).codes
    return mean_and_least([adjusted_rand(own, _again(evidence, model, counts)) for counts in _draws(len(own))])


def _again(evidence: Evidence, model: SegmentModel, counts: Floats) -> Texts:
    axis = learn(evidence.features, evidence.unit, evidence.lessons, counts)
    positions = axis.of(evidence.features)
    again = replace(model, axis=axis, centres=k_means(positions, len(model.centres), counts))
    return again.assign(evidence.features).codes


def _draws(count: int) -> list[Floats]:
    chance = np.random.default_rng(7)
    return [chance.multinomial(count, np.full(count, 1 / count)).astype(np.float64) for _ in range(RESAMPLES)]


def _kept(month: Month, model: SegmentModel | None) -> tuple[Texts, Texts]:
    """Segments now and a month ago, each with the months before as its past; without a model, each by one of its own
    month, as in a shop that learns regularly."""
    everybody: Any = np.full(len(month.transactions.customers), "", dtype="U40")
    previous = everybody
    for months in range(MONTHS_BEFORE, -1, -1):
        features = month.earlier(months)
        previous, everybody = everybody, everybody.copy()
        then = model or fit(month.transactions, month.cut - MONTH * months)
        everybody[features.customers] = then.assign(features, previous[features.customers]).codes
    return everybody[month.features.customers], previous[month.features.customers]
