"""The `kefu` command. Each file here is one command (or one family): it defines `NAME` and either
`app` (a typer.Typer) or `command` (a function), and imports what is heavy inside its functions.
"""

import importlib
import os
import pkgutil
import sys
from types import TracebackType

import typer


def build() -> typer.Typer:
    """Every command found beside this file, by name."""
    root = typer.Typer(
        help="Kefu, the customer-service bot for shops.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    modules = [importlib.import_module(f"bot.cli.{found.name}") for found in pkgutil.iter_modules(__path__)]
    for module in sorted(modules, key=lambda module: str(module.NAME)):
        if hasattr(module, "app"):
            root.add_typer(module.app, name=module.NAME)
        else:
            root.command(module.NAME)(module.command)
    return root


OUR_PACKAGES = {"bot", "nlu", "actions", "knowledge"}


def main() -> None:
    """Entry point of the console script. An error of ours is told in its own words."""
    sys.excepthook = tell
    try:
        typer.main.get_command(build())()  # not Typer.__call__, which sets an excepthook of its own
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The excepthook: our own errors carry the way out and need no trace, nor does a file that cannot be read or
    written; anything else is a bug and keeps it."""
    if isinstance(error, OSError) and error.filename:
        typer.echo(f"{error.filename}: {error.strerror}", err=True)
    elif kind.__module__.split(".")[0] in OUR_PACKAGES:
        typer.echo(str(error), err=True)
    else:
        sys.__excepthook__(kind, error, trace)
