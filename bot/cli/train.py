"""`kefu train`: teach the NLU model from the assistant's utterances."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from nlu.dataset import Dataset
    from nlu.metadata import Metadata
    from nlu.types import Language

NAME = "train"
BUILT_IN = Path(__file__).parents[2]


def command(
    data: Annotated[Path, typer.Option(help="Folder of Rasa NLU YAML files.")] = BUILT_IN / "bot/assistant/nlu",
    sentiment: Annotated[Path, typer.Option(help="Folder of sentiment examples.")] = BUILT_IN
    / "bot/assistant/sentiment",
    articles: Annotated[
        Path, typer.Option(help="Folder of the shop's articles (*.md), so that they stay easy to find.")
    ] = BUILT_IN / "knowledge/articles",
    encoders: Annotated[
        Path,
        typer.Option(envvar="KEFU_ENCODERS", help="Folder with the pretrained encoders (`kefu encoders fetch`)."),
    ] = Path("encoders"),
    keep_first: Annotated[
        bool, typer.Option("--keep-first", help="A text under two labels counts under the first, instead of stopping.")
    ] = False,
    domain: Annotated[
        Path | None,
        typer.Option(help="The assistant's folder, whose intents the utterances are of (KEFU_ASSISTANT_DIR)."),
    ] = None,
    any_intent: Annotated[
        bool, typer.Option("--any-intent", help="Accept intents that the assistant's domain does not name.")
    ] = False,
    frozen: Annotated[
        bool,
        typer.Option("--frozen", help="Leave a model's encoders as they are: a minute, no torch, no --encoders."),
    ] = False,
    base: Annotated[
        str, typer.Option(help="With --frozen: the model to start from, a version or a folder; `kefu models list`.")
    ] = "current",
    ngrams: Annotated[
        str | None,
        typer.Option(
            metavar="N | en=N,zh=N", help="With --frozen: n-grams kept a language; fewer make a smaller model."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write the model to, instead of a new version for `kefu models`.")
    ] = None,
) -> None:
    """Train both languages' NLU models from utterances (without --frozen it needs `pip install 'kefu\\[train]'`)."""
    from nlu.dataset import load_dataset
    from nlu.errors import NluError
    from nlu.snapshotting import store_snapshot

    kept = _kept(ngrams)
    try:
        known = None if any_intent else _intents_of(domain)
        dataset = load_dataset(data, sentiment, known_intents=known, keep_first=keep_first)
        for contradiction in dataset.contradictions:
            typer.echo(f"warning: {contradiction}", err=True)
        with _target(out) as (folder, adopt):
            if frozen:
                _train_frozen(dataset, base, folder, kept)
            else:
                _train(dataset, articles, encoders, folder)
            metadata = store_snapshot(folder, dataset.intents)
            name = adopt()
    except NluError as error:
        raise typer.Exit(_failed(str(error))) from error
    typer.echo(f"model {name}: {len(metadata.intents)} intents, fallback below {metadata.fallback_threshold}")
    typer.echo(_what_next(name) if out is None else f"measure it with `kefu evaluate --model {out}`")


def _train(dataset: "Dataset", articles: Path, encoders: Path, folder: Path) -> "Metadata":
    from nlu.pipeline import load_pipeline
    from nlu.unlabelled import passages

    try:
        from nlu.training import train
    except ModuleNotFoundError as error:
        way_out = "pip install 'kefu[train]', or train with --frozen, which needs nothing more"
        raise typer.Exit(_failed(f"training needs {error.name}: {way_out}")) from error
    with _bars() as report:
        return train(dataset, list(passages(articles)), encoders, folder, load_pipeline(), report)


def _train_frozen(dataset: "Dataset", base: str, folder: Path, ngrams: dict["Language", int]) -> "Metadata":
    from bot.models_folder import registry_of
    from bot.settings import load_settings
    from nlu.frozen_training import train_frozen
    from nlu.pipeline import load_pipeline

    named = Path(base)
    start = named if (named / "metadata.json").is_file() else registry_of(load_settings()).folder(base)
    with _plain_bars() as report:
        return train_frozen(dataset, start, folder, load_pipeline(), report, ngrams)


def _kept(ngrams: str | None) -> dict["Language", int]:
    """How many n-grams each language keeps: `2500` of all of them, or `en=2500,zh=8000`."""
    from nlu.pipeline import LANGUAGES

    if ngrams is None:
        return {}
    said = dict(one.split("=", 1) for one in ngrams.split(",")) if "=" in ngrams else dict.fromkeys(LANGUAGES, ngrams)
    if not set(said) <= set(LANGUAGES) or not all(count.isdecimal() and int(count) for count in said.values()):
        raise typer.BadParameter("a number, or one a language: en=2500,zh=8000", param_hint="--ngrams")
    return {language: int(said[language]) for language in LANGUAGES if language in said}


def _intents_of(domain: Path | None) -> frozenset[str]:
    from bot.dialogue.assistant import Assistant
    from bot.settings import load_settings

    return Assistant.load(domain or load_settings().assistant_dir, languages=()).intents


@contextmanager
def _target(out: Path | None) -> Iterator[tuple[Path, Callable[[], str]]]:
    """The folder to train into, and what makes a model of it; returns the model's name."""
    from nlu.integrity import replacing

    if out is not None:
        with replacing(out) as folder:
            yield folder, lambda: str(out)
        return
    from bot.models_folder import registry_of
    from bot.settings import load_settings

    registry = registry_of(load_settings())
    with registry.new() as folder:
        yield folder, lambda: registry.adopt(folder)


def _what_next(name: str) -> str:
    return f"compare it with `kefu models compare current {name}`; `kefu models promote {name}` lets it serve"


def _failed(message: str) -> int:
    typer.echo(f"error: {message}", err=True)
    return 1


@contextmanager
def _bars() -> Iterator[Callable[[str, int, int, float], None]]:
    """A progress bar for each language, with the loss beside it."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("loss {task.fields[loss]:.2f}")) as progress:
        tasks: dict[str, TaskID] = {}

        def report(language: str, step: int, steps: int, loss: float) -> None:
            if language not in tasks:
                tasks[language] = progress.add_task(f"training {language}", total=steps, loss=loss)
            progress.update(tasks[language], completed=step, loss=loss)

        yield report


@contextmanager
def _plain_bars() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar for each thing that is done."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns) as progress:
        tasks: dict[str, TaskID] = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total)
            progress.update(tasks[what], completed=done, total=total)

        yield report
