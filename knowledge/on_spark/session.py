"""A Spark session whose workers run this very Python."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from knowledge.customers.errors import CustomerDataError, ExtraMissing

ON_THIS_MACHINE: dict[str, bool | float | int | str | None] = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
}


@contextmanager
def spark_session(master: str | None = None) -> Iterator[Any]:
    """Times are UTC. `master`: as Spark names it ("local[4]", "spark://host:7077"); None is what spark-submit says.

    A local one listens on this machine only.
    Raises ExtraMissing without pyspark, CustomerDataError where Spark doesn't start (no Java).
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ExtraMissing("PySpark", "spark") from error
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("kefu").config("spark.sql.session.timeZone", "UTC")
    if master:
        builder = builder.master(master)
    if master and master.startswith("local"):
        builder = builder.config(map=ON_THIS_MACHINE)
    try:
        session = builder.getOrCreate()
    except PySparkException as error:
        raise CustomerDataError(f"Spark does not start; it needs Java 17 or newer: {error}") from error
    try:
        yield session
    finally:
        session.stop()
