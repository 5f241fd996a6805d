"""`kefu benchmark parity`: English and Chinese side by side, and messages with slips beside clean ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from nlu.parity import Estimate, ParityReport

BUILT_IN = Path(__file__).parents[3]


def command(
    sets: Annotated[Path, typer.Option(help="Folder of test examples (intents*.yml).")] = BUILT_IN / "tests/nlu/frozen",
    model: Annotated[Path, typer.Option(help="Folder of the trained model.")] = BUILT_IN / "nlu/models",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure accuracy, out-of-scope recall and calibration by language, and what each kind of slip costs."""
    from rich.console import Console
    from rich.progress import Progress

    from nlu.dataset import load_dataset
    from nlu.errors import NluError
    from nlu.interpreter import Interpreter
    from nlu.parity import measure_parity

    try:
        interpreter, examples = Interpreter.load(model), load_dataset(sets, None, "intents*.yml").intents
    except NluError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    with Progress(transient=True, console=Console(stderr=True)) as bar:
        task = bar.add_task("reading", total=4 * len(examples))
        report = measure_parity(interpreter, examples, lambda done: bar.update(task, completed=done))
    if as_json:
        import json
        from dataclasses import asdict

        typer.echo(json.dumps(asdict(report), indent=2))
    else:
        _print(report)


def _print(report: ParityReport) -> None:
    from rich.console import Console
    from rich.table import Table

    from nlu.parity import MOST_BETWEEN_LANGUAGES, MOST_LOST_BY_A_VARIANT

    first, second = report.languages
    table = Table("figure", first, second, "gap", title="Languages", title_justify="left")
    for name, gap in report.languages[first].gaps(report.languages[second]).items():
        cells = [_told(getattr(figures, name)) for figures in report.languages.values()]
        table.add_row(name.replace("_", " "), *cells, f"{100 * gap:.1f}{_flag(gap, MOST_BETWEEN_LANGUAGES)}")
    slips = Table("variant", "texts", "clean", "rewritten", "points lost", title="Variants", title_justify="left")
    for one in report.variants:
        lost = f"{100 * one.loss.value:.1f} ({100 * one.loss.low:.1f} to {100 * one.loss.high:.1f})"
        cells = [f"{one.clean:.1%}", f"{one.accuracy:.1%}", lost + _flag(one.loss.value, MOST_LOST_BY_A_VARIANT)]
        slips.add_row(f"{one.language}, {one.name}", str(one.rewritten), *cells)
    console = Console()
    console.print(table)
    console.print(slips)
    console.print("In brackets: 95 % intervals. ! : more than wanted (3 points between languages, 4 by a variant).")


def _told(estimate: Estimate) -> str:
    return f"{estimate.value:.1%} ({estimate.low:.1%}-{estimate.high:.1%})"


def _flag(value: float, most: float) -> str:
    return " !" if value > most else ""
