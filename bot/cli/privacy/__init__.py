"""`kefu privacy`: what a customer may ask for about their own data. Each file here is one command."""

import importlib
import pkgutil

import typer

NAME = "privacy"
app = typer.Typer(help="Customers' own data: erasing it.", no_args_is_help=True)


@app.callback()
def family() -> None:
    """Keeps `erase` a word to type, although it is the only command yet."""


for _found in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
    app.command(_found.name)(importlib.import_module(f"bot.cli.privacy.{_found.name}").command)
