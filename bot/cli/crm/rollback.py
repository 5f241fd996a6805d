"""`kefu crm rollback`: the customer models that served before serve again."""

import typer


def command() -> None:
    """Go back to the version before. Profiles stay as the last fit computed them until the next one."""
    from bot.settings import load_settings
    from knowledge.profiles.artefacts import Artefacts

    typer.echo(f"{Artefacts(load_settings().crm_models).rollback()} serves again.")
