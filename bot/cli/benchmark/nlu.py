"""`kefu benchmark nlu`: how good a classifier our engine makes of somebody's labelled texts."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from nlu.classification.benchmark import Outcome, Row
    from nlu.classification.public_sets import PublicSet
    from nlu.classification.reading import Columns

_FIELDS = ("text", "label", "prediction", "confidence", "out_of_scope_score")


def command(
    dataset: Annotated[str | None, typer.Option(help="A public set, e.g. banking77; see docs/benchmarks.md.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the public data sets.")] = None,
    train: Annotated[
        Path | None, typer.Option(help="Or your own texts to learn from: parquet, CSV, Rasa YAML.")
    ] = None,
    test: Annotated[Path | None, typer.Option(help="Your own texts to test on.")] = None,
    dev: Annotated[Path | None, typer.Option(help="Your own texts to choose on (default: a part of --train).")] = None,
    text: Annotated[str | None, typer.Option(help="The column of the texts.")] = None,
    label: Annotated[str | None, typer.Option(help="The column of the labels.")] = None,
    context: Annotated[str, typer.Option(help="Columns of what stood before a text, separated by commas.")] = "",
    metric: Annotated[str, typer.Option(help="What counts on your own texts: accuracy or macro_f1.")] = "accuracy",
    encoders: Annotated[
        Path | None, typer.Option(help="Folder of the pretrained encoders (default: KEFU_ENCODERS, ./encoders).")
    ] = None,
    best: Annotated[bool, typer.Option(help="Use all-mpnet-base-v2 (frozen) for English instead.")] = False,
    floor: Annotated[bool, typer.Option(help="Measure n-gram TF-IDF with a linear SVM too.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write every prediction to this CSV file.")] = None,
    keep: Annotated[Path | None, typer.Option(help="Keep the trained classifier in this folder.")] = None,
    results: Annotated[
        Path | None, typer.Option(help="Where figures of public sets are kept (default: benchmarks/results/nlu.json).")
    ] = None,
) -> None:
    """Learn on train, choose on dev, read test once, and print the figures beside published ones."""
    from nlu.classification.benchmark import run
    from nlu.classification.encoders import find_workshop
    from nlu.classification.floor import floor as measured_floor
    from nlu.classification.reading import Columns
    from nlu.classification.results import FLOOR, RESULTS_FILE, floor_entry, merge, outcome_entry
    from nlu.errors import NluError

    try:
        chosen = _chosen(dataset, data, train, test, dev, Columns(text, label, _names(context)), metric)
        workshop = find_workshop(encoders, best=best)
        typer.echo(f"{chosen.title}: {workshop.description}")
        splits = chosen.read(data or Path())
        with _bars() as progress:
            outcome = run(splits, workshop, progress, chosen.repeats, keep, chosen.metric)
    except NluError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    if out is not None:
        write_predictions(out, outcome.rows)
    entries = {workshop.description: outcome_entry(chosen.name, chosen.metric, outcome)}
    if floor:
        entries[FLOOR] = floor_entry(chosen.name, chosen.metric, measured_floor(splits, chosen.metric))
    if dataset is not None:
        for system, entry in entries.items():
            merge(results or RESULTS_FILE, chosen.title, system, entry)
    _print(chosen, entries, outcome)


def _names(columns: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in columns.split(",") if name.strip())


def _chosen(
    dataset: str | None,
    data: Path | None,
    train: Path | None,
    test: Path | None,
    dev: Path | None,
    columns: Columns,
    metric: str,
) -> PublicSet:
    """The public set of that name, or somebody's own files."""
    from nlu.classification.public_sets import OWN_METRICS, own_set, public_sets

    if dataset is None:
        if train is None or test is None:
            raise typer.BadParameter("name a --dataset and its --data, or your own --train and --test")
        if metric not in OWN_METRICS:
            raise typer.BadParameter(f"'{metric}' is none of {', '.join(OWN_METRICS)}", param_hint="--metric")
        return own_set(train, test, dev, columns, metric)
    sets = public_sets()
    if dataset not in sets:
        raise typer.BadParameter(f"'{dataset}' is none of {', '.join(sets)}", param_hint="--dataset")
    if data is None:
        raise typer.BadParameter("name the folder of the public data sets with --data", param_hint="--dataset")
    return sets[dataset]


def write_predictions(file: Path, rows: Sequence[Row]) -> None:
    """text,label,prediction,confidence,out_of_scope_score"""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(_FIELDS)
        for row in rows:
            sure, outside = f"{row.confidence:.6f}", f"{row.out_of_scope_score:.6f}"
            writer.writerow((row.text, row.label, row.prediction, sure, outside))


def _print(chosen: PublicSet, entries: dict[str, dict[str, Any]], outcome: Outcome) -> None:
    from rich.console import Console
    from rich.table import Table

    from nlu.classification.references import references
    from nlu.classification.results import columns, own_rows

    rows = own_rows(entries)
    table = Table("", *(row[0] for row in rows), title=chosen.title, title_justify="left")
    for place, heading in enumerate(columns(chosen.metric)[1:], start=1):
        table.add_row(heading, *(row[place] for row in rows))
    console = Console()
    console.print(table)
    for one in references().get(chosen.name, ()):
        console.print(f"  published: {one.value:.2f}  {one.system} ({one.source}{'' if one.read else ', recalled'})")
    inside = outcome.figures.in_scope_accuracy
    if inside is not None:
        typer.echo(f"accuracy without the out-of-scope texts: {inside.value:.1%} ({inside.low:.1%}–{inside.high:.1%})")
    if outcome.figures.unknown_labels:
        names = ", ".join(outcome.figures.unknown_labels)
        typer.echo(f"labels that the training texts never showed, counted wrong: {names}")
    for note in outcome.notes:
        typer.echo(f"note: {note}")


@contextmanager
def _bars() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar for each thing that is being done."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what)
            bar.update(tasks[what], completed=done, total=total)

        yield progress
