"""`kefu benchmark transfer`: how the default model reads texts that nobody here wrote, without training on them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from nlu.interpreter import Interpreter
    from nlu.transfer.scoring import Share, Transfer
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
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Map Bitext's, JD's and tau-bench's labels onto our intents and count how often the model agrees."""
    from nlu.errors import NluError
    from nlu.interpreter import Interpreter
    from nlu.transfer.sources import SOURCES, chosen

    try:
        interpreter = Interpreter.load(model)
        figures = {source.name: _measured(source, interpreter, data, mistakes) for source in chosen(SOURCES, only)}
    except NluError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    if as_json:
        import json

        body = {name: _as_json(transfer) for name, transfer in figures.items()}
        typer.echo(json.dumps(body, ensure_ascii=False, indent=2))
        return
    _print(figures, part="look" if mistakes else "test", labels=labels, mistakes=mistakes)


def _measured(source: Source, interpreter: Interpreter, data: Path, mistakes: bool) -> Transfer:
    from rich.console import Console
    from rich.progress import Progress

    from nlu.transfer.mapping import load_mapping
    from nlu.transfer.scoring import score

    mapping = load_mapping(source.mapping, interpreter.metadata.intents)
    rows = [row for row in source.read(data, mapping) if row.part == ("look" if mistakes else "test")]
    with Progress(transient=True, console=Console(stderr=True)) as bar:
        task = bar.add_task(source.name, total=len(rows))
        return score(interpreter, rows, mapping, lambda done: bar.update(task, completed=done))


def _print(figures: dict[str, Transfer], *, part: str, labels: bool, mistakes: bool) -> None:
    from rich.console import Console
    from rich.table import Column, Table

    columns = ("messages", "first right", "any right", "95 %", "acted", "acted right", "refused")
    title = f"Texts nobody here wrote ({part} part)"
    table = Table(Column("set", no_wrap=True), *columns, title=title, title_justify="left")
    for name, one in figures.items():
        low, high = one.any_segment.interval()
        shares = (one.acted, one.acted_right, one.refused)
        table.add_row(
            name,
            str(one.first.count),
            _percent(one.first),
            _percent(one.any_segment),
            f"{low:.0%}-{high:.0%}",
            *map(_percent, shares),
        )
    console = Console()
    console.print(table)
    console.print("first: the likeliest intent; any: or that of one of the requests a message holds.")
    console.print("refused: of the messages that the repertoire does not cover, read as out of scope or unsure.")
    for name, one in figures.items():
        if labels or mistakes:
            _print_labels(console, name, one)
        if mistakes:
            for row, read in one.mistakes:
                said = f"{' + '.join(row.labels)} → {read.intent.name} {read.intent.confidence:.2f}  {row.text}"
                console.print(said, markup=False)


def _print_labels(console: Console, name: str, transfer: Transfer) -> None:
    from rich.table import Table

    table = Table("foreign label", "messages", "right", "most often misread as", title=name, title_justify="left")
    for label, share in transfer.labels.items():
        misread = ", ".join(f"{read} {count}" for right, read, count in transfer.confusions if right == label)
        table.add_row(label, str(share.count), _percent(share), misread[:60])
    console.print(table)


def _percent(share: Share) -> str:
    return f"{share.value:.1%}" if share.count else "-"


def _as_json(transfer: Transfer) -> dict[str, Any]:
    names = ("first", "any_segment", "acted", "acted_right", "refused")
    shares: dict[str, Any] = {name: _share_as_json(getattr(transfer, name)) for name in names}
    shares["labels"] = {label: _share_as_json(share) for label, share in transfer.labels.items()}
    shares["confusions"] = [list(confusion) for confusion in transfer.confusions[:30]]
    return shares


def _share_as_json(share: Share) -> dict[str, Any]:
    low, high = share.interval()
    value = round(share.value, 4) if share.count else None
    return {"right": share.right, "count": share.count, "value": value, "low": round(low, 4), "high": round(high, 4)}
