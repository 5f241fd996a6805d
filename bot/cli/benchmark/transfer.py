"""`kefu benchmark transfer`: how the default model reads texts that nobody here wrote, without training on them."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nlu.interpreter import Interpreter
    from nlu.transfer.scoring import Transfer
    from nlu.transfer.sources import Source

BUILT_IN = Path(__file__).parents[3]


def command(
    data: Annotated[Path, typer.Option(help="Folder with bitext_intents/, jddc_zh/ and tau_bench_retail/.")],
    model: Annotated[Path, typer.Option(help="Folder of the trained model.")] = BUILT_IN / "nlu/models",
    only: Annotated[list[str] | None, typer.Option(help="Only this set (repeat for several).")] = None,
    mistakes: Annotated[
        bool, typer.Option(help="Count on the part that may be looked at, and list what was misread there.")
    ] = False,
    labels: Annotated[bool, typer.Option(help="Print each foreign label's share too.")] = False,
    trained: Annotated[
        bool, typer.Option(help="Also with the assistant's utterances learnt anew, without and with Bitext's.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Map Bitext's, JD's and tau-bench's labels onto our intents and count how often the model agrees."""
    from bot.cli.benchmark.transfer_tables import as_json, show
    from nlu.errors import NluError
    from nlu.transfer.sources import SOURCES, chosen

    try:
        with _models(model, data, trained) as models:
            figures = {
                source.name + as_trained: _measured(source, interpreter, data, mistakes)
                for source in chosen(SOURCES, only)
                for as_trained, interpreter in models.items()
            }
    except NluError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    if json:
        typer.echo(as_json(figures))
    else:
        show(figures, part="look" if mistakes else "test", labels=labels, mistakes=mistakes)


@contextmanager
def _models(model: Path, data: Path, trained: bool) -> Iterator[dict[str, Interpreter]]:
    """The model, and if wanted the two that learn on top of it; each by what to add to a set's name."""
    from nlu.dataset import load_dataset
    from nlu.frozen_training import train_frozen
    from nlu.interpreter import Interpreter
    from nlu.pipeline import load_pipeline
    from nlu.transfer.adding import with_bitext

    models = {"": Interpreter.load(model)}
    if not trained:
        yield models
        return
    own = load_dataset(BUILT_IN / "bot/assistant/nlu", BUILT_IN / "bot/assistant/sentiment")
    with tempfile.TemporaryDirectory() as folder:
        for name, dataset in ((" + own", own), (" + Bitext", with_bitext(own, data, models[""]))):
            out = Path(folder) / name.strip(" +")
            with _bars() as report:
                train_frozen(dataset, model, out, load_pipeline(), report)
            models[name] = Interpreter.load(out)
        yield models


def _measured(source: Source, interpreter: Interpreter, data: Path, mistakes: bool) -> Transfer:
    from nlu.transfer.mapping import load_mapping
    from nlu.transfer.scoring import score

    mapping = load_mapping(source.mapping, interpreter.metadata.intents)
    rows = [row for row in source.read(data, mapping) if row.part == ("look" if mistakes else "test")]
    with _bars() as report:
        return score(interpreter, rows, mapping, lambda done: report(source.name, done, len(rows)))


@contextmanager
def _bars() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar for each thing that is being done."""
    from rich.console import Console
    from rich.progress import Progress, TaskID

    tasks: dict[str, TaskID] = {}
    with Progress(transient=True, console=Console(stderr=True)) as bar:

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what)
            bar.update(tasks[what], completed=done, total=total)

        yield report
