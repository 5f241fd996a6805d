"""`kefu campaign`: e-mail to customers who want it. Each file here is one command; _office.py is what they share."""

import importlib
import pkgutil

import typer

NAME = "campaign"
app = typer.Typer(help="E-mail campaigns with a control group: plan, preview, send, report.", no_args_is_help=True)
for _found in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
    if not _found.name.startswith("_"):
        app.command(_found.name)(importlib.import_module(f"bot.cli.campaign.{_found.name}").command)
