"""`kefu evaluate`: how well the NLU model reads examples it was not trained on."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nlu.dataset import Dataset, Example
    from nlu.evaluation import Mistake, Report
    from nlu.interpreter import Interpreter

NAME = "evaluate"
BUILT_IN = Path(__file__).parents[2]


def command(
    data: Annotated[Path, typer.Option(help="Folder of training examples; the held-out tenth is read.")] = BUILT_IN
    / "bot/assistant/nlu",
    sentiment: Annotated[Path, typer.Option(help="Folder of sentiment examples.")] = BUILT_IN
    / "bot/assistant/sentiment",
    frozen: Annotated[Path, typer.Option(help="Folder of test examples that training never sees.")] = BUILT_IN
    / "tests/nlu/frozen",
    model: Annotated[Path, typer.Option(help="Folder of the trained model.")] = BUILT_IN / "nlu/models",
    mistakes: Annotated[bool, typer.Option(help="List what was read wrongly.")] = False,
    save: Annotated[bool, typer.Option(help="Write the figures into the model's metadata.")] = False,
) -> None:
    """Print accuracy, macro-F1, out-of-scope recall and calibration error by language."""
    from nlu.dataset import load_dataset
    from nlu.errors import NluError
    from nlu.interpreter import Interpreter

    try:
        interpreter = Interpreter.load(model)
        sets = {"held out": load_dataset(data, sentiment)}
        if frozen.is_dir() and any(frozen.rglob("intents*.yml")):
            sets["frozen"] = load_dataset(frozen, frozen, "intents*.yml", "sentiment*.yml")
    except NluError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    figures: dict[str, Any] = {}
    for name, dataset in sets.items():
        figures[name] = _measure(name, dataset, interpreter, only_held_out=name == "held out", list_mistakes=mistakes)
    if save:
        replace(interpreter.metadata, figures=figures).save(model)
        typer.echo(f"saved in {model / 'metadata.json'}")


def _measure(
    name: str, dataset: Dataset, interpreter: Interpreter, *, only_held_out: bool, list_mistakes: bool
) -> dict[str, Any]:
    from nlu.evaluation import evaluate, evaluate_sentiment

    figures: dict[str, Any] = {}
    for language in interpreter.metadata.languages:
        examples = _chosen(dataset.intents, language, only_held_out)
        if not examples:
            continue
        evaluate(interpreter, examples[:20])  # the first passes of a session are slower
        report, mistakes = evaluate(interpreter, examples)
        figures[language] = {key: _rounded(value) for key, value in asdict(report).items() if key != "confusions"}
        moods = _chosen(dataset.sentiments, language, only_held_out)
        if moods:
            figures[language]["sentiment_accuracy"] = _rounded(evaluate_sentiment(interpreter, moods))
        _print(f"{name}, {language}", figures[language], report, mistakes if list_mistakes else [])
    return figures


def _chosen(examples: Sequence[Example], language: str, only_held_out: bool) -> list[Example]:
    return [e for e in examples if e.language == language and (e.is_held_out or not only_held_out)]


def _rounded(value: float | int | None) -> float | int | None:
    return round(value, 4) if isinstance(value, float) else value


def _print(title: str, figures: dict[str, Any], report: Report, mistakes: list[Mistake]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("figure", "value", title=title, title_justify="left")
    for key, value in figures.items():
        table.add_row(key.replace("_", " "), "–" if value is None else str(value))
    for right, read, count in report.confusions[:5]:
        table.add_row("confused", f"{right} → {read} ({count})")
    console = Console()
    console.print(table)
    for mistake in mistakes:
        guess = mistake.read.intent
        console.print(
            f"{mistake.example.label} → {guess.name} {guess.confidence:.2f}  {mistake.example.text}", markup=False
        )
