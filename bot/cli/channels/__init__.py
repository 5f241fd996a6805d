"""`kefu channels`: the messaging platforms that Kefu answers on. Each file here is one of its commands."""

import typer

from bot.cli.channels import check, dead, list

NAME = "channels"
app = typer.Typer(help="The messaging platforms that Kefu answers on.", no_args_is_help=True)
app.command("list")(list.command)
app.command("check")(check.command)
app.command("dead")(dead.command)
