"""`kefu crm drift`: are customers still those that the models were fitted on?"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.crm.fit import tell_notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from knowledge.profiles.drift import Drift

ALARMED = 3
"""The exit status when something has moved."""


def command(
    transactions: Annotated[
        Path | None, typer.Option(help="Look at this file rather than at the shop's orders.")
    ] = None,
    cut: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Of the file, look at nothing from this day on.")
    ] = None,
    alarm: Annotated[float, typer.Option(min=0, help="From this population stability index on it is an alarm.")] = 0.2,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare features, segments and predictions now with those at the fit. Exit status 3: something has moved."""
    drifts = _drifts(transactions, cut, alarm)
    if as_json:
        import json

        typer.echo(json.dumps([vars(drift) for drift in drifts], indent=2))
    else:
        from rich.console import Console

        Console().print(_table(drifts))
    if any(drift.is_alarm for drift in drifts):
        raise typer.Exit(ALARMED)


def _drifts(file: Path | None, cut: datetime | None, alarm: float) -> list[Drift]:
    from bot.crm_source import file_source, shop_source
    from bot.database import open_database, upgrade
    from bot.settings import load_settings
    from knowledge.customers.transactions import day_of
    from knowledge.profiles.artefacts import Artefacts
    from knowledge.profiles.drifting import drifts_since_fit

    settings = load_settings()
    folder = Artefacts(settings.crm_models).folder()
    database = open_database(settings)
    upgrade(database)
    try:
        source = file_source(file, None, day_of(cut) if cut else None) if file else shop_source(database)
    finally:
        database.close()
    tell_notes(source)
    return drifts_since_fit(folder, source.transactions, source.cut, alarm)


def _table(drifts: Sequence[Drift]) -> Table:
    from rich.table import Table

    table = Table("", "what", "PSI", "by chance", "mean at the fit", "mean now")
    for drift in drifts:
        means = (f"{drift.mean_then:,.3f}", f"{drift.mean_now:,.3f}")
        table.add_row(
            "[bold red]alarm[/]" if drift.is_alarm else "",
            drift.name,
            f"{drift.index:.3f}",
            f"< {drift.by_chance:.3f}",
            *means,
        )
    return table
