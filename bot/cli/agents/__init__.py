"""`kefu agents`: the people who answer customers at the console. Each file here is one of its commands."""

import typer

from bot.cli.agents import add, disable, enable, list, reset_password

NAME = "agents"
app = typer.Typer(help="The people who answer customers at the console.", no_args_is_help=True)
app.command("add")(add.command)
app.command("list")(list.command)
app.command("disable")(disable.command)
app.command("enable")(enable.command)
app.command("reset-password")(reset_password.command)
