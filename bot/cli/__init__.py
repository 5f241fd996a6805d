"""The `kefu` command. Each file here is one command (or one family): it defines `NAME` and either
`app` (a typer.Typer) or `command` (a function), and imports what is heavy inside its functions.
"""

import importlib
import os
import pkgutil
import sys

import typer


def build() -> typer.Typer:
    """Every command found beside this file, by name."""
    root = typer.Typer(help="Kefu, the customer-service bot for shops.", no_args_is_help=True, add_completion=False)
    modules = [importlib.import_module(f"bot.cli.{found.name}") for found in pkgutil.iter_modules(__path__)]
    for module in sorted(modules, key=lambda module: str(module.NAME)):
        if hasattr(module, "app"):
            root.add_typer(module.app, name=module.NAME)
        else:
            root.command(module.NAME)(module.command)
    return root


def main() -> None:
    """Entry point of the console script. A mistake in the settings or the database is told in words, not as a trace."""
    from bot.settings import SettingsError

    try:
        build()()
    except SettingsError as error:
        fail(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def fail(message: str) -> None:
    typer.echo(message, err=True)
    raise SystemExit(2)
