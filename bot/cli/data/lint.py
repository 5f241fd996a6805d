"""`kefu data lint`: what is wrong with training data, and what to do about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from nlu.lint.finding import Finding

BUILT_IN = Path(__file__).parents[3]


def command(
    assistant: Annotated[
        Path, typer.Option(help="Folder of the assistant: its nlu/, its sentiment/ and its domain.")
    ] = BUILT_IN / "bot/assistant",
    data: Annotated[Path | None, typer.Option(help="Folder of training examples, if not the assistant's.")] = None,
    sentiment: Annotated[
        Path | None, typer.Option(help="Folder of sentiment examples, if not the assistant's.")
    ] = None,
    frozen: Annotated[
        list[Path] | None, typer.Option(help="Folder of test files that nothing may be trained on; may be repeated.")
    ] = None,
    model: Annotated[Path, typer.Option(help="A trained model, for its sense of likeness.")] = BUILT_IN / "nlu/models",
    thin: Annotated[int, typer.Option(min=1, help="How many examples a label needs in each language.")] = 30,
    limit: Annotated[int, typer.Option(min=1, help="How many findings of a kind to print.")] = 15,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 on conflicts, leaks or unknown labels.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, all of it.")] = False,
) -> None:
    """Find conflicts, leaks, near-duplicates, confusable and thin intents, each with what to do about it."""
    from bot.dialogue.assistant import Assistant, AssistantError
    from nlu.errors import NluError
    from nlu.lint.finding import SERIOUS

    try:
        known = Assistant.load(assistant, languages=()).intents if data is None else None
        folders = (data or assistant / "nlu", sentiment or (None if data else assistant / "sentiment"))
        found = _linted(*folders, frozen or (), model, thin, known)
    except (NluError, AssistantError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    if as_json:
        _print_json(found)
    else:
        _print(found, limit)
    if strict and any(finding.kind in SERIOUS for finding in found):
        raise typer.Exit(1)


def _linted(
    data: Path,
    sentiment: Path | None,
    frozen: Sequence[Path],
    model: Path,
    thin: int,
    known: Collection[str] | None,
) -> list[Finding]:
    from rich.console import Console
    from rich.progress import Progress

    from nlu.dataset import read_examples
    from nlu.interpreter import Interpreter
    from nlu.lint.finding import worst_first
    from nlu.lint.leaks import frozen_texts
    from nlu.lint.linting import lint

    embed = Interpreter.load(model).embed
    intents = read_examples(data, "nlu")
    moods = read_examples(sentiment, "sentiment") if sentiment else []
    tested = [text for folder in frozen for text in frozen_texts(folder)]
    of_moods = [text for text in tested if text.label.startswith("sentiment")]
    of_intents = [text for text in tested if not text.label.startswith("sentiment")]
    with Progress(transient=True, console=Console(stderr=True)) as bar:
        task = bar.add_task("reading", total=len(intents) + len(moods))

        def advance(texts: int) -> None:
            bar.advance(task, texts)

        found = lint(intents, of_intents, known=known, thin=thin, embed=embed, progress=advance)
        found += lint(moods, of_moods, thin=thin, embed=embed, progress=advance)
    return worst_first(found)


def _print(found: Sequence[Finding], limit: int) -> None:
    from rich.console import Console
    from rich.table import Table

    from nlu.lint.finding import KINDS

    console = Console()
    for kind in KINDS:
        ours = [finding for finding in found if finding.kind == kind]
        if not ours:
            continue
        table = Table("finding", "where", title=f"{kind.replace('_', ' ')}: {len(ours)}", title_justify="left")
        for finding in ours[:limit]:
            table.add_row(finding.message, "\n".join(map(_short, finding.places[:4])))
        table.caption = ours[0].advice + (f" ({len(ours) - limit} more: --limit)" if len(ours) > limit else "")
        table.caption_justify = "left"
        console.print(table)
    counts = ", ".join(f"{sum(one.kind == kind for one in found)} {kind.replace('_', ' ')}" for kind in KINDS)
    console.print(counts if found else "Nothing found.")


def _short(place: str) -> str:
    """The last two parts of a path."""
    return "/".join(place.split("/")[-2:])


def _print_json(found: Sequence[Finding]) -> None:
    import json

    body = [
        {
            "kind": finding.kind,
            "message": finding.message,
            "advice": finding.advice,
            "labels": list(finding.labels),
            "texts": [example.text for example in finding.examples],
            "places": list(finding.places),
            "score": finding.score,
        }
        for finding in found
    ]
    typer.echo(json.dumps(body, ensure_ascii=False, indent=2))
