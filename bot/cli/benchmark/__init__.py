"""`kefu benchmark`: how well the NLU reads, in figures. Each file here is one of its commands."""

import typer

from bot.cli.benchmark import entities, explanation, nlu, parity, phenomena, pii, transfer

NAME = "benchmark"
app = typer.Typer(help="Measure the NLU on data that you bring.", no_args_is_help=True)
app.command("entities")(entities.command)
app.command("explanation")(explanation.command)
app.command("nlu")(nlu.command)
app.command("parity")(parity.command)
app.command("phenomena")(phenomena.command)
app.command("pii")(pii.command)
app.command("transfer")(transfer.command)
