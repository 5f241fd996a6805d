"""The figures of `kefu benchmark transfer`, for people and for programs."""

import json
from typing import Any

from rich.console import Console
from rich.table import Column, Table

from nlu.transfer.scoring import Share, Transfer


def show(figures: dict[str, Transfer], *, part: str, labels: bool, mistakes: bool) -> None:
    """Prints the table, and below it the foreign labels and what was misread."""
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
    table = Table("foreign label", "messages", "right", "most often misread as", title=name, title_justify="left")
    for label, share in transfer.labels.items():
        misread = ", ".join(f"{read} {count}" for right, read, count in transfer.confusions if right == label)
        table.add_row(label, str(share.count), _percent(share), misread[:60])
    console.print(table)


def _percent(share: Share) -> str:
    return f"{share.value:.1%}" if share.count else "-"


def as_json(figures: dict[str, Transfer]) -> str:
    """The same for a program."""
    return json.dumps({name: _as_json(one) for name, one in figures.items()}, ensure_ascii=False, indent=2)


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
