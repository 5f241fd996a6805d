"""`kefu benchmark phenomena`: "don't", "what if", two requests at once, short answers in context."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from nlu.phenomena import PhenomenonReport

BUILT_IN = Path(__file__).parents[3]


def command(
    sets: Annotated[Path, typer.Option(help="Folder of the test sets.")] = BUILT_IN / "tests/nlu/frozen",
    model: Annotated[Path, typer.Option(help="Folder of the trained model.")] = BUILT_IN / "nlu/models",
    context: Annotated[bool, typer.Option(help="Hold the conversations of context.yml too.")] = True,
    mistakes: Annotated[bool, typer.Option(help="List what was read wrongly.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Count how the model reads negations, hypothetical questions, double requests and answers in context."""
    from nlu.errors import NluError
    from nlu.interpreter import Interpreter
    from nlu.phenomena import SETS, measure_phenomenon

    try:
        interpreter = Interpreter.load(model)
        reports = [report for name in SETS for report in measure_phenomenon(interpreter, sets / f"{name}.yml")]
        if context:
            reports += _contexts(sets / "context.yml", model)
    except NluError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    if as_json:
        import json

        typer.echo(json.dumps([_as_json(report, mistakes) for report in reports], ensure_ascii=False, indent=2))
    else:
        _print(reports, mistakes)


def _contexts(file: Path, model: Path) -> list[PhenomenonReport]:
    try:
        from benchmarks.contexts import measure_contexts
    except ModuleNotFoundError as error:
        typer.echo(
            "error: context.yml is held in a checkout of the source only; leave it out with --no-context", err=True
        )
        raise typer.Exit(1) from error
    return measure_contexts(file, model)


def _print(reports: list[PhenomenonReport], mistakes: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("set", "language", "cases", "right", "95 %", "blunders", title="Phenomena", title_justify="left")
    console = Console()
    for report in reports:
        low, high = report.right.interval()
        cells = (f"{report.right.value:.1%}", f"{low:.0%}-{high:.0%}", str(report.blunders.right))
        table.add_row(report.name, report.language, str(report.right.count), *cells)
    console.print(table)
    console.print(
        "blunder: acted on what must never be done, cut up a single request, or changed something in the shop unasked."
    )
    for report in reports if mistakes else []:
        for mistake in report.mistakes:
            console.print(mistake, markup=False)


def _as_json(report: PhenomenonReport, mistakes: bool) -> dict[str, Any]:
    low, high = report.right.interval()
    return {
        "set": report.name,
        "language": report.language,
        "cases": report.right.count,
        "right": round(report.right.value, 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "blunders": report.blunders.right,
        **({"mistakes": report.mistakes} if mistakes else {}),
    }
