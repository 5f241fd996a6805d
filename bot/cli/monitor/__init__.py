"""`kefu monitor`: do customers still write what the model was measured on? Each file here is one of its commands."""

import typer

from bot.cli.monitor import report, snapshot

NAME = "monitor"
app = typer.Typer(help="Compare what customers write with what the model was measured on.", no_args_is_help=True)
app.command("report")(report.command)
app.command("snapshot")(snapshot.command)
