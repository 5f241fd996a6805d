"""`kefu crm list`: the customer models there are, and which one serves."""

import typer


def command() -> None:
    """List the versions of the customer models, oldest first."""
    from rich.console import Console
    from rich.table import Column, Table

    from bot.settings import load_settings
    from knowledge.profiles.artefacts import Artefacts

    artefacts = Artefacts(load_settings().crm_models)
    entries = artefacts.entries()
    if not entries:
        typer.echo(f"There is no customer model in {artefacts.root} yet: `kefu crm fit`.")
        return
    table = Table("", Column("version", no_wrap=True), "from", "until", "customers", "parts")
    for entry in entries:
        said, serves = entry.metadata, "serves" if entry.version == artefacts.current else ""
        facts = (said.source, said.cut, f"{said.customers:,}", ", ".join(said.parts)) if said else ("", "", "", "")
        table.add_row(serves, entry.version, *facts)
    Console().print(table)
    for entry in entries:
        if entry.problem:
            typer.echo(f"{entry.version} cannot serve: {entry.problem}")
