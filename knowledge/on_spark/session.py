"""A Spark session whose workers run this very Python."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from knowledge.customers.errors import CustomerDataError, ExtraMissing


@contextmanager
def spark_session(master: str | None = None, **settings: str) -> Iterator[Any]:
    """Times are UTC. `master`: as Spark names it ("local[4]", "spark://host:7077"); None is what spark-submit says.

    `settings`: more of Spark's own, with _ for the dots (spark_ui_enabled="false").
    Raises ExtraMissing without pyspark, CustomerDataError where Spark doesn't start (no Java).
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ExtraMissing("PySpark", "spark") from error
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("kefu").config("spark.sql.session.timeZone", "UTC")
    for name, value in settings.items():
        builder = builder.config(name.replace("_", "."), value)
    try:
        session = (builder.master(master) if master else builder).getOrCreate()
    except PySparkException as error:
        raise CustomerDataError(f"Spark does not start; it needs Java 17 or newer: {error}") from error
    try:
        yield session
    finally:
        session.stop()
