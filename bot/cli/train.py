"""`kefu train`: teach the NLU model from the assistant's utterances."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

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
        typer.Option(envvar="KEFU_ENCODERS", help="Folder with the pretrained encoders, see docs/adding-an-intent.md."),
    ] = Path("encoders"),
    keep_first: Annotated[
        bool, typer.Option("--keep-first", help="A text under two labels counts under the first, instead of stopping.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder to write the model to.")] = BUILT_IN / "nlu/models",
) -> None:
    """Train both languages' NLU models from utterances (needs `pip install 'kefu\\[train]'`)."""
    from nlu.dataset import load_dataset
    from nlu.errors import NluError
    from nlu.pipeline import load_pipeline
    from nlu.unlabelled import passages

    try:
        from nlu.training import train
    except ModuleNotFoundError as error:
        raise typer.Exit(_failed(f"training needs {error.name}: pip install 'kefu[train]'")) from error
    try:
        dataset = load_dataset(data, sentiment, keep_first=keep_first)
        for contradiction in dataset.contradictions:
            typer.echo(f"warning: {contradiction}", err=True)
        with _bars() as report:
            metadata = train(dataset, list(passages(articles)), encoders, out, load_pipeline(), report)
    except NluError as error:
        raise typer.Exit(_failed(str(error))) from error
    typer.echo(
        f"model {metadata.version}: {len(metadata.intents)} intents, fallback below {metadata.fallback_threshold}"
    )
    typer.echo("measure it with `kefu evaluate`")


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
