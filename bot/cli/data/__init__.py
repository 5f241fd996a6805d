"""`kefu data`: look after training data. Each file here is one of its commands."""

import typer

from bot.cli.data import correct, lint, review

NAME = "data"
app = typer.Typer(help="Look after training data.", no_args_is_help=True)
app.command("correct")(correct.command)
app.command("lint")(lint.command)
app.command("review")(review.command)
