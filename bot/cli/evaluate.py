"""`kefu evaluate`: how well the NLU model reads examples it was not trained on."""

from __future__ import annotations

import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nlu.dataset import Dataset, Example
    from nlu.evaluation import Evaluation
    from nlu.interpreter import Interpreter
    from nlu.report import Section

NAME = "evaluate"
BUILT_IN = Path(__file__).parents[2]
SHIPPED = BUILT_IN / "nlu/models"
_NOT_THIS_ONE = """{model} came with Kefu and stays as it is;
`kefu models add {model}` copies it to your models, and --model names the copy"""
ABOUT = {
    "held out": "A tenth of the shop's own examples, kept from training; thresholds are chosen on them.",
    "own": "Labelled messages of your own.",
    "frozen": "A test set by other authors, which nothing is trained or chosen on.",
    "blind": "Another one, written later by an author who had not read the training data.",
}


def command(
    data: Annotated[Path, typer.Option(help="Folder of training examples; the held-out tenth is read.")] = BUILT_IN
    / "bot/assistant/nlu",
    held_out: Annotated[
        Path | None, typer.Option(help="Folder of labelled messages of your own: all of them, instead of the tenth.")
    ] = None,
    sentiment: Annotated[Path, typer.Option(help="Folder of sentiment examples.")] = BUILT_IN
    / "bot/assistant/sentiment",
    frozen: Annotated[Path, typer.Option(help="Folder of test examples that training never sees.")] = BUILT_IN
    / "tests/nlu/frozen",
    blind: Annotated[Path, typer.Option(help="Folder of another such set, shown beside it.")] = BUILT_IN
    / "tests/nlu/blind",
    model: Annotated[Path, typer.Option(help="Folder of the trained model.")] = SHIPPED,
    max_error_rate: Annotated[
        float | None,
        typer.Option(min=0.001, max=0.999, help="Judge by the threshold that keeps this error rate, e.g. 0.05."),
    ] = None,
    mistakes: Annotated[bool, typer.Option(help="List what was read wrongly.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write an HTML page with pictures to this file.")] = None,
    calibrate: Annotated[
        bool,
        typer.Option(help="First work out calibration, thresholds and promises anew from what is held out."),
    ] = False,
    save: Annotated[bool, typer.Option(help="Write the figures into the model's metadata.")] = False,
) -> None:
    """Print accuracy, macro-F1, out-of-scope recall and calibration error by language."""
    from nlu.dataset import load_dataset
    from nlu.errors import NluError
    from nlu.interpreter import Interpreter
    from nlu.model_card import write_card

    if calibrate and model.resolve() == SHIPPED.resolve():
        typer.echo(f"error: {_NOT_THIS_ONE.format(model=model)}", err=True)
        raise typer.Exit(1)
    try:
        examples = load_dataset(data, sentiment)
        sets = {"own": load_dataset(held_out)} if held_out else {"held out": examples}
        if calibrate:
            _calibrate(model, examples, sets.get("own"))
        interpreter = Interpreter.load(model, max_error_rate=max_error_rate)
        for name, folder in (("frozen", frozen), ("blind", blind)):
            if folder.is_dir() and any(folder.rglob("intents*.yml")):
                moods = folder if any(folder.rglob("sentiment*.yml")) else None
                sets[name] = load_dataset(folder, moods, "intents*.yml", "sentiment*.yml")
    except NluError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    figures: dict[str, Any] = {}
    sections = []
    for name, dataset in sets.items():
        figures[name], section = _measure(name, dataset, interpreter, only_held_out=name == "held out", listed=mistakes)
        sections += [section] if section.read else []
    if report:
        _write(report, interpreter, sections)
    if save:
        write_card(
            replace(interpreter.metadata, figures={**interpreter.metadata.figures, **figures}).save(model), model
        )
        typer.echo(f"saved in {model / 'metadata.json'}")


def _calibrate(model: Path, examples: Dataset, own: Dataset | None) -> None:
    """Works out anew what the held-out examples decide, for the graphs as they are.

    Another model comes of it, with a version of its own: what was measured of the one before is not said of it.
    """
    from nlu.integrity import fingerprint, replacing
    from nlu.metadata import load_metadata
    from nlu.model_card import write_card
    from nlu.selection import calibrate_on

    metadata = load_metadata(model)
    learnt = [one for one in examples.intents if not one.is_held_out]
    held_out = own.intents if own else [one for one in examples.intents if one.is_held_out]
    conversational = frozenset(metadata.conversational)
    with replacing(model) as folder:
        shutil.copytree(model, folder, dirs_exist_ok=True)
        chosen = calibrate_on(held_out, learnt, metadata.intents, metadata.languages, folder, conversational)
        calibrated = replace(
            metadata,
            version=fingerprint(folder),
            languages=chosen.languages,
            fallback_threshold=chosen.fallback_threshold,
            split_threshold=chosen.split_threshold,
            figures={},
            gates={},
        )
        write_card(calibrated.save(folder), folder)


def _measure(
    name: str, dataset: Dataset, interpreter: Interpreter, *, only_held_out: bool, listed: bool
) -> tuple[dict[str, Any], Section]:
    from nlu.evaluation import evaluate_sentiment, read_all
    from nlu.report import Section

    figures: dict[str, Any] = {}
    read: dict[Any, Evaluation] = {}
    for language in interpreter.metadata.languages:
        examples = _chosen(dataset.intents, language, only_held_out)
        if not examples:
            continue
        read_all(interpreter, examples[:20])  # the first passes of a session are slower
        read[language] = read_all(interpreter, examples)
        report = asdict(read[language].report())
        figures[language] = {key: _rounded(value) for key, value in report.items() if key != "confusions"}
        moods = _chosen(dataset.sentiments, language, only_held_out)
        if moods:
            figures[language]["sentiment_accuracy"] = _rounded(evaluate_sentiment(interpreter, moods))
        _print(f"{name}, {language}", figures[language], read[language], list_mistakes=listed)
    return figures, Section(name.capitalize(), ABOUT[name], read)


def _write(file: Path, interpreter: Interpreter, sections: Sequence[Section]) -> None:
    from nlu.report import html_report

    page = html_report(interpreter.metadata, interpreter.scope_thresholds, sections, interpreter.max_error_rate)
    file.write_text(page, "utf-8")
    typer.echo(f"report: {file}")


def _chosen(examples: Sequence[Example], language: str, only_held_out: bool) -> list[Example]:
    return [e for e in examples if e.language == language and (e.is_held_out or not only_held_out)]


def _rounded(value: float | int | None) -> float | int | None:
    return round(value, 4) if isinstance(value, float) else value


def _print(title: str, figures: dict[str, Any], read: Evaluation, *, list_mistakes: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("figure", "value", title=title, title_justify="left")
    for key, value in figures.items():
        table.add_row(key.replace("_", " "), "–" if value is None else str(value))
    for right, guess, count in read.confusions[:5]:
        table.add_row("confused", f"{right} → {guess} ({count})")
    console = Console()
    console.print(table)
    for mistake in read.mistakes if list_mistakes else ():
        first = mistake.read.intent
        console.print(
            f"{mistake.example.label} → {first.name} {first.confidence:.2f}  {mistake.example.text}", markup=False
        )
