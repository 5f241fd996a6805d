"""Features and segments of every customer, from lines that Spark reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from knowledge.customers.errors import CustomerDataError
from knowledge.customers.features import customer_features
from knowledge.customers.problems import problem
from knowledge.customers.transactions import Floats, Transactions
from knowledge.on_spark.parts import Columns, by_parts, part_of
from knowledge.segmentation import SegmentModel, fit

NEEDED = ("customer_id", "item_id", "time")
SAMPLE_CUSTOMERS = 50_000
"""From whom the segments are fitted; of a shop with fewer, everybody."""
NAMES = customer_features(Transactions.numbered([], [], [], np.empty(0), np.empty(0), np.empty(0)), cut=0.0).names
SCHEMA = ", ".join(["customer_id string", "segment string", *(f"{name} double" for name in NAMES)])


@dataclass(frozen=True)
class Job:
    """Lines that can be used, all strictly before the day `cut`. `left_out`: how many not, by reason."""

    lines: Any
    cut: float
    left_out: Mapping[str, int]

    def fit_segments(self) -> SegmentModel:
        """As on one machine, from a sample of customers (by their ids, so that it is the same every time)."""
        from pyspark.sql import functions

        share = min(1.0, SAMPLE_CUSTOMERS / max(1, self.lines.select("customer_id").distinct().count()))
        place = functions.pmod(functions.xxhash64("customer_id"), functions.lit(1_000_000))
        sample = self.lines.where(place < share * 1_000_000)
        return fit(part_of(sample.toArrow()).without_repeats(), self.cut)

    def run(self, model: SegmentModel) -> Any:
        """A DataFrame with one row a customer: customer_id, segment and every column of customer_features()."""
        return by_parts(self.lines, partial(described, cut=self.cut, model=model), SCHEMA)


def described(part: Transactions, cut: float, model: SegmentModel) -> Columns:
    """What is said of the customers of one part."""
    features = customer_features(part, cut)
    ids = part.customers[features.customers].astype(object)
    segments = model.assign(features).codes.astype(object)
    columns: dict[str, Floats] = {name: np.ascontiguousarray(features.column(name)) for name in NAMES}
    return {"customer_id": ids, "segment": segments, **columns}


def load_lines(given: Any, cut: float) -> Job:
    """A DataFrame with the columns of `kefu crm check` (time: timestamp or date) → what can be used of it.

    Without order_id, what a customer bought at one moment is one order. Raises CustomerDataError for a missing column.
    """
    from pyspark.sql import functions

    if missing := [name for name in NEEDED if name not in given.columns]:
        raise CustomerDataError(f"there is no column '{missing[0]}'; there are {', '.join(given.columns)}")
    order = "cast(order_id AS string)" if "order_id" in given.columns else "NULL"
    quantity, amount = (
        f"cast({name} AS double)" if name in given.columns else default
        for name, default in (("quantity", "1.0D"), ("amount", "0.0D"))
    )
    typed = given.selectExpr(
        "nullif(trim(cast(customer_id AS string)), '') AS customer_id",
        "nullif(trim(cast(item_id AS string)), '') AS item_id",
        "unix_micros(cast(time AS timestamp)) / 8.64e10 AS time",
        f"{quantity} AS quantity",
        f"{amount} AS amount",
        f"{order} AS order_id",
    )
    order_key = "coalesce(order_id, cast(time AS string))"
    judged = typed.selectExpr("*", f"{order_key} AS order_key", f"{problem(cut)} AS problem")
    counted = judged.where("problem IS NOT NULL").groupBy("problem").agg(functions.count("*")).collect()
    usable = judged.where("problem IS NULL").drop("problem", "order_id")
    return Job(usable, cut, {row[0]: row[1] for row in counted})
