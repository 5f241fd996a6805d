"""`kefu models compare`, `promote`, `rollback`: which model serves, and why."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.models.listing import open_registry

if TYPE_CHECKING:
    from nlu.comparison import Comparison, Sets
    from nlu.gates import Verdict
    from nlu.interpreter import Interpreter
    from nlu.registry import Registry

BUILT_IN = Path(__file__).parents[3]
Data = Annotated[Path, typer.Option(help="Folder of training examples; the held-out tenth is read.")]
Frozen = Annotated[Path, typer.Option(help="Folder of test examples that training never sees; all are read.")]
Named = Annotated[Path, typer.Option(help="Folder of sentences that must go on being read as they are meant.")]
GatesFile = Annotated[Path | None, typer.Option("--gates", help="Your own gates.yml instead of the one of Kefu.")]
DATA, FROZEN, NAMED = (BUILT_IN / path for path in ("bot/assistant/nlu", "tests/nlu/frozen", "bot/assistant/named"))


def compare(
    before: Annotated[str, typer.Argument(help="A name from `kefu models list`, `default` or `current`.")],
    after: Annotated[str, typer.Argument(help="Another.")],
    data: Data = DATA,
    frozen: Frozen = FROZEN,
    named: Named = NAMED,
    gates: GatesFile = None,
    changes: Annotated[int, typer.Option(help="How many changed sentences to list at most.")] = 40,
) -> None:
    """Put two models side by side: figures, speed, size, the sentences that change, and what the gates say."""
    from bot.comparison_tables import changed, figures, judged

    registry = open_registry()
    models = _loaded(registry, before, after)
    comparison, found = _compared(models, _sets(data, frozen), named, gates)
    sizes = tuple(_megabytes(registry.folder(name)) for name in (before, after))
    _print(figures(comparison, before, after, sizes), changed(comparison, changes), judged(found))


def promote(
    version: Annotated[str, typer.Argument(help="A name from `kefu models list`.")],
    data: Data = DATA,
    frozen: Frozen = FROZEN,
    named: Named = NAMED,
    gates: GatesFile = None,
    force: Annotated[
        str | None, typer.Option(help="Promote although a gate falls; the reason is written into the history.")
    ] = None,
) -> None:
    """Let a model serve if every gate holds. A running `kefu serve` takes it up within seconds."""
    from bot.comparison_tables import judged
    from nlu.registry import CURRENT

    registry = open_registry()
    if version in (CURRENT, registry.current):
        typer.echo(f"{version} serves already")
        return
    models = _loaded(registry, CURRENT, version)
    comparison, found = _compared(models, _sets(data, frozen), named, gates)
    said = {one.gate: {"holds": one.holds, "found": one.found} for one in found}
    _keep(registry, version, comparison, said)
    _print(judged(found))
    fallen = [one.gate for one in found if not one.holds]
    if fallen and not force:
        typer.echo(
            f"{version} is not promoted: {len(fallen)} gate(s) fell; `--force REASON` promotes it nevertheless",
            err=True,
        )
        raise typer.Exit(1)
    registry.promote(version, said, force if fallen else None)
    typer.echo(f"{version} serves from now on; `kefu models rollback` takes it back")


def rollback() -> None:
    """Let the model serve that served before this one."""
    from bot.settings import load_settings
    from nlu.metadata import load_metadata

    registry = open_registry()
    left = registry.current
    load_metadata(registry.folder(registry.previous)).thresholds(load_settings().nlu_max_error_rate)
    typer.echo(f"{registry.rollback()} serves from now on, {left} no longer")


def _loaded(registry: Registry, before: str, after: str) -> tuple[Interpreter, Interpreter]:
    """As they would serve under the settings. Raises PromiseImpossible where `after` could not."""
    from bot.settings import load_settings
    from nlu.errors import PromiseImpossible
    from nlu.interpreter import Interpreter

    rate = load_settings().nlu_max_error_rate
    new = Interpreter.load(registry.folder(after), max_error_rate=rate)
    try:
        return Interpreter.load(registry.folder(before), max_error_rate=rate), new
    except PromiseImpossible:  # then the other one is the way out
        return Interpreter.load(registry.folder(before)), new


def _compared(
    models: tuple[Interpreter, Interpreter], sets: Sets, named: Path, gates: Path | None
) -> tuple[Comparison, list[Verdict]]:
    from rich.progress import Progress

    from nlu.comparison import compare
    from nlu.dataset import load_dataset
    from nlu.gates import GATES_FILE, load_gates, verdicts

    limits, must_read = load_gates(gates or GATES_FILE), load_dataset(named).intents
    with Progress(transient=True) as progress:
        task = progress.add_task("reading as both", total=sum(map(len, sets.values())))
        comparison = compare(*models, sets, lambda done: progress.update(task, advance=done))
    return comparison, verdicts(limits, comparison, *models, must_read)


def _sets(data: Path, frozen: Path) -> Sets:
    from nlu.dataset import load_dataset

    sets = {"held out": [e for e in load_dataset(data, keep_first=True).intents if e.is_held_out]}
    if any(frozen.rglob("intents*.yml")):
        sets["frozen"] = list(load_dataset(frozen, intent_files="intents*.yml").intents)
    else:
        typer.echo(
            f"the gates ask nothing of a frozen set: there is none in {frozen}; name yours with --frozen", err=True
        )
    if not any(sets.values()):
        typer.echo(
            f"there is no sentence to judge by: a tenth of the utterances in {data} is, and they are few", err=True
        )
        raise typer.Exit(1)
    return {name: examples for name, examples in sets.items() if examples}


def _keep(registry: Registry, version: str, comparison: Comparison, gates: dict[str, dict[str, object]]) -> None:
    """What was measured, in the model's metadata and card; figures of other sets stay."""
    from nlu.metadata import load_metadata
    from nlu.model_card import write_card
    from nlu.registry import DEFAULT

    if version == DEFAULT:
        return
    folder = registry.folder(version)
    metadata = load_metadata(folder)
    figures: dict[str, dict[str, object]] = {}
    for pair in comparison.pairs:
        figures.setdefault(pair.name, {})[pair.language] = asdict(pair.after)
    write_card(replace(metadata, figures={**metadata.figures, **figures}, gates=gates).save(folder), folder)


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def _print(*tables: object) -> None:
    from rich.console import Console

    Console().print(*tables, sep="\n")
