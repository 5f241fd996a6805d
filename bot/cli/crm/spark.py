"""`kefu crm spark`: features and segments of a shop that is too large for one machine."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer


def command(
    transactions: Annotated[str, typer.Option(help="Parquet: a file, a folder, or an address that Spark reads.")],
    cut: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Look at nothing from this day on.")],
    out: Annotated[str, typer.Option(help="A folder to write: customer_id, segment and every feature, as parquet.")],
    model: Annotated[Path | None, typer.Option(help="Segments that are fitted already: their folder.")] = None,
    master: Annotated[
        str | None, typer.Option(help="Spark's master, e.g. local[4]; else what spark-submit says.")
    ] = None,
) -> None:
    """Compute on Spark what `kefu crm fit` computes in one process; the figures are the same."""
    from knowledge.customers.errors import CustomerDataError
    from knowledge.customers.transactions import day_of
    from knowledge.on_spark import load_lines, spark_session
    from knowledge.segmentation import SegmentModel

    try:
        with spark_session(master) as spark:
            job = load_lines(spark.read.parquet(transactions), day_of(cut))
            for reason, lines in job.left_out.items():
                typer.echo(f"left out, {reason}: {lines:,} lines", err=True)
            segments = job.fit_segments() if model is None else SegmentModel.load(model)
            job.run(segments).write.mode("overwrite").parquet(out)
            typer.echo(f"{spark.read.parquet(out).count():,} customers in {out}")
    except CustomerDataError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
