"""`kefu benchmark entities`: are the order numbers, dates, names, addresses … found, exactly where they stand?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

if TYPE_CHECKING:
    from nlu.marked import MarkedReport, SpanScore

BUILT_IN = Path(__file__).parents[3]


def command(
    file: Annotated[Path, typer.Option(help="Sentences with their entities marked.")] = BUILT_IN
    / "tests/nlu/frozen/entities_blind.yml",
    mistakes: Annotated[
        bool, typer.Option(help="List the sentences with a wrong span (+) or a missing one (-).")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Count exact spans by kind: same kind, same first and last character."""
    from nlu.errors import NluError
    from nlu.marked import load_marked, score_spans
    from nlu.types import Language

    try:
        marked = load_marked(file)
    except NluError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    reports = {str(language): score_spans(marked, language) for language in get_args(Language)}
    reports["both"] = score_spans(marked)
    if as_json:
        import json

        typer.echo(json.dumps({name: _as_json(report) for name, report in reports.items()}, indent=2))
    else:
        _print(reports, mistakes)


def _print(reports: dict[str, MarkedReport], mistakes: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("kind", "spans", *(f"F1 {name}" for name in reports), "precision", "recall", "values")
    for kind, score in {**reports["both"].kinds, "all": reports["both"].total}.items():
        scores = [report.total if kind == "all" else report.kinds.get(kind) for report in reports.values()]
        cells = [f"{one.f1:.3f}" if one else "-" for one in scores]
        values = f"{score.value_right}/{score.valued}" if score.valued else ""
        table.add_row(kind, str(score.marked), *cells, f"{score.precision:.3f}", f"{score.recall:.3f}", values)
    console = Console()
    console.print(table)
    console.print("values: of the spans found whose meaning is written too, how many were read as that.")
    for mistake in reports["both"].mistakes if mistakes else ():
        console.print(mistake, markup=False)


def _as_json(report: MarkedReport) -> dict[str, Any]:
    return {"all": _score(report.total), **{kind: _score(score) for kind, score in report.kinds.items()}}


def _score(score: SpanScore) -> dict[str, Any]:
    figures = {name: round(getattr(score, name), 4) for name in ("f1", "precision", "recall")}
    return {**figures, "spans": score.marked, "values": score.valued, "values_right": score.value_right}
