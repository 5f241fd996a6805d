"""`kefu crm`: what the shop's data says about its customers. Each file here is one command, or one family."""

import importlib
import pkgutil

import typer

NAME = "crm"
app = typer.Typer(help="Customers: segments, predictions, recommendations.", no_args_is_help=True)
for _found in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
    _module, _name = importlib.import_module(f"bot.cli.crm.{_found.name}"), _found.name.replace("_", "-")
    if hasattr(_module, "app"):
        app.add_typer(_module.app, name=_name)
    else:
        app.command(_name)(_module.command)
