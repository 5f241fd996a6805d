"""`kefu models`: the language models of this installation, from training to serving and back.

list, show, add               bot/cli/models/listing.py
compare, promote, rollback    bot/cli/models/promoting.py
replay                        bot/cli/models/replaying.py
"""

import typer

from bot.cli.models import listing, promoting, replaying

NAME = "models"
app = typer.Typer(help="List, compare, promote and roll back language models.", no_args_is_help=True)
app.command("list")(listing.list_models)
app.command("show")(listing.show)
app.command("add")(listing.add)
app.command("compare")(promoting.compare)
app.command("promote")(promoting.promote)
app.command("rollback")(promoting.rollback)
app.command("replay")(replaying.replay)
