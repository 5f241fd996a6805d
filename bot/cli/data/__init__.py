"""`kefu data`: look after training data. Each file here is one of its commands."""

import typer

from bot.cli.data import lint

NAME = "data"
app = typer.Typer(help="Look after training data.", no_args_is_help=True)
app.callback()(lambda: None)  # a family, also while it has one member
app.command("lint")(lint.command)
