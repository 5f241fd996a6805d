"""Features and segments on Spark: the same as on one machine."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge.customers.errors import CustomerDataError, ExtraMissing
from knowledge.customers.features import customer_features
from knowledge.customers.reading import read_transactions
from knowledge.customers.synthetic import END, synthetic_shop, write_shop
from knowledge.customers.transactions import day_of
from knowledge.on_spark import load_lines, parts, spark_session
from knowledge.segmentation import fit
from tests.bot.servers import program

CUT = day_of(END - timedelta(days=60))
CUSTOMERS = 800


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """On this machine; without Spark or Java the test is skipped, or fails when CI=true."""
    program("java", "openjdk-17-jre-headless")
    try:
        with spark_session("local[2]") as session:
            yield session
    except ExtraMissing as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("spark") / "shop.parquet"
    write_shop(synthetic_shop(CUSTOMERS, 11)[0], file)
    return file


def test_the_same_features_and_segments_as_on_one_machine(
    spark: Any, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "LINES_A_PART", 3_000)
    job = load_lines(spark.read.parquet(str(shop)), CUT)
    model = job.fit_segments()
    found = sorted(job.run(model).collect(), key=lambda row: str(row["customer_id"]))

    loaded = read_transactions(shop, before=CUT)
    features = customer_features(loaded.transactions, CUT)
    here = fit(loaded.transactions, CUT)
    assert job.left_out == loaded.left_out
    assert [row["customer_id"] for row in found] == loaded.transactions.customers[features.customers].tolist()
    np.testing.assert_array_equal(np.array([row[2:] for row in found]), features.values)
    assert here.centres.tolist() == model.centres.tolist() and here.rungs == model.rungs
    assert [row["segment"] for row in found] == here.assign(features).codes.tolist()


def test_what_cannot_be_used_is_counted_as_it_is_of_a_file(spark: Any, tmp_path: Path) -> None:
    rows = ["a,x,2025-01-01,1,1", ",x,2025-01-01,1,1", "a,x,soon,1,1", "a,x,2025-01-01,-1,1", "a,x,2025-01-01,1,-1",
            "a,x,2026-02-01,1,1", "a,x,2025-01-01,,1"]  # fmt: skip
    file = tmp_path / "sales.csv"
    file.write_text("\n".join(["customer_id,item_id,time,quantity,amount", *rows, ""]), "utf-8")
    given = spark.read.csv(str(file), header=True).selectExpr("*", "try_cast(time AS timestamp) AS moment")
    job = load_lines(given.drop("time").withColumnRenamed("moment", "time"), CUT)
    assert job.left_out == read_transactions(file, before=CUT).left_out
    assert job.lines.count() == 1


def test_a_missing_column_is_named(spark: Any) -> None:
    with pytest.raises(CustomerDataError, match="no column 'item_id'; there are customer_id, time"):
        load_lines(spark.createDataFrame([("a", 1)], ["customer_id", "time"]), CUT)
