"""`kefu crm`: what the shop's data says about its customers. Each file here is one command."""

import importlib
import pkgutil

import typer

NAME = "crm"
app = typer.Typer(help="Customers: segments, predictions, recommendations.", no_args_is_help=True)
for _found in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
    app.command(_found.name)(importlib.import_module(f"bot.cli.crm.{_found.name}").command)
