"""`kefu models list`, `show`, `add`: what there is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from nlu.registry import Entry, Registry

CURRENT_MARK = "●"


def list_models() -> None:
    """List the models, oldest first; ● serves."""
    from rich.console import Console
    from rich.table import Table

    registry = open_registry()
    current = registry.current
    table = Table(box=None)
    for column in ("", "model", "trained", "data", "frozen en", "frozen zh"):
        table.add_column(column, no_wrap=True)
    table.add_column("remarks")
    entries = registry.entries()
    for entry in entries:
        table.add_row(CURRENT_MARK if entry.name == current else "", *_row(entry))
    Console().print(table)
    for entry in entries:
        if entry.problem:
            typer.echo(f"{entry.name}: {entry.problem}")
    typer.echo(f"{CURRENT_MARK} serves; the models lie in {registry.root}")


def show(version: Annotated[str, typer.Argument(help="A name from the list, `default` or `current`.")]) -> None:
    """Show what a model is made of, its figures, what the gates said, and its history here."""
    from nlu.metadata import load_metadata
    from nlu.model_card import CARD_FILE, card, is_written_by_hand

    registry = open_registry()
    folder = registry.folder(version)
    metadata = load_metadata(folder)
    typer.echo(card(metadata))
    if is_written_by_hand(folder):
        typer.echo(f"More about it, in its makers' words: {folder / CARD_FILE}")
    for change in registry.history():
        if change.version == folder.name:
            forced = f", forced: {change.forced}" if change.forced else ""
            typer.echo(f"{change.at}  {change.did}{forced}")


def add(
    folder: Annotated[Path, typer.Argument(help="A model folder, e.g. one that `kefu train --out` wrote.")],
) -> None:
    """Copy a model that was trained elsewhere into the models folder."""
    typer.echo(f"model {open_registry().adopt(folder)} is in the list; `kefu models promote` lets it serve")


def open_registry() -> Registry:
    """The models folder of the settings."""
    from bot.models_folder import registry_of
    from bot.settings import load_settings

    return registry_of(load_settings())


def _row(entry: Entry) -> tuple[str, ...]:
    metadata = entry.metadata
    if metadata is None:
        return (entry.name, "", "", "", "", "[red]cannot serve")
    fallen = [name for name, said in metadata.gates.items() if not said["holds"]]
    remarks = f"fell: {', '.join(fallen)}" if fallen else ""
    if entry.name != metadata.version:
        remarks = f"{metadata.version} {remarks}"
    origin, frozen = metadata.origin, metadata.figures.get("frozen", {})
    accuracies = (_share(frozen.get(language, {}).get("accuracy")) for language in ("en", "zh"))
    return (
        entry.name,
        origin.created[:16].replace("T", " "),
        origin.data_sha256[:8],
        *accuracies,
        remarks,
    )


def _share(value: Any) -> str:
    return "–" if value is None else f"{value:.1%}"
