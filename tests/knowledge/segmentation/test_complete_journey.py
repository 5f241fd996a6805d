"""A supermarket's real year: segments that keep and still say something. Its last month is left to the benchmark."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from benchmarks.crm import segmentation as benchmark
from knowledge.customers.transactions import day_of
from knowledge.segmentation import fit

DAY = 280


def test_segments_keep_and_say_what_next_month_brings(shared_data: Path) -> None:
    pytest.importorskip("duckdb")
    transactions = benchmark.read(shared_data / "complete_journey")
    month = benchmark.Month.at(transactions, day_of(date(2017, 1, 1)) - 1 + DAY)
    model = fit(transactions, month.cut)
    assert len(model.centres) >= 5
    rows = dict(benchmark.own_rows(month, model))
    kept = rows["own, staying is easier"]
    assert kept.ari is not None and kept.stay is not None
    assert kept.ari[0] >= 0.9
    assert kept.stay >= 0.75
    assert kept.eta >= 0.46
    assert kept.stay > (rows["own, everybody anew each month"].stay or np.inf)
