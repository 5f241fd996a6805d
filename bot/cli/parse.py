"""`kefu parse TEXT`: what the NLU layer makes of a sentence."""

from pathlib import Path
from typing import Annotated

import typer

NAME = "parse"


def command(
    text: Annotated[str, typer.Argument(help="What the customer says.")],
    model: Annotated[
        Path | None, typer.Option(help="Folder of a trained model (default: the one that serves).")
    ] = None,
) -> None:
    """Print what a sentence means as JSON, in the shape of Rasa's /model/parse."""
    import json

    from bot.models_folder import serving_folder
    from bot.settings import load_settings
    from nlu.errors import NluError
    from nlu.interpreter import Interpreter

    try:
        understanding = Interpreter.load(model or serving_folder(load_settings())).parse(text)
    except NluError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    body = understanding.to_rasa()
    if understanding.segments:
        body["segments"] = [segment.to_rasa() for segment in understanding.segments]
    typer.echo(json.dumps(body, ensure_ascii=False, indent=2))
