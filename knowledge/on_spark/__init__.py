"""The way past one machine: the same features and segments, computed on Spark.

session.py
   │
job.py   lines on any storage that Spark reads → what can be used, by the same rules as from a file (problems.py)
   │
parts.py customers dealt out into parts; each part is a Transactions of its own, on whichever machine
   │
knowledge/customers/features.py, knowledge/segmentation: the very code that runs on one machine

A customer's figures depend on that customer's lines alone: parts need nothing of each other. What is fitted (the
segments' borders) is fitted once, from a sample of customers, and taken along to every part.
"""

from knowledge.on_spark.job import Job, load_lines
from knowledge.on_spark.session import spark_session

__all__ = ["Job", "load_lines", "spark_session"]
