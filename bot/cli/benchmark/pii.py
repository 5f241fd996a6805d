"""`kefu benchmark pii`: personal data in Presidio's synthetic sentences, by type."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

BUILT_IN = Path(__file__).parents[3]


def command(
    data: Annotated[Path, typer.Option(help="Folder with presidio_synth_v2.jsonl.gz.")],
    model: Annotated[Path, typer.Option(help="Folder of the trained model.")] = BUILT_IN / "nlu/models",
    mistakes: Annotated[
        bool, typer.Option(help="Count on the part that may be looked at, and list what went wrong there.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Count the types that Presidio and Kefu share: person, e-mail, phone, address, postcode, date."""
    from nlu.errors import NluError
    from nlu.interpreter import Interpreter
    from nlu.pii import read_pii, score_pii

    part: Literal["look", "test"] = "look" if mistakes else "test"
    try:
        texts = [text for text in read_pii(data) if text.part == part]
        scores, wrong = score_pii(Interpreter.load(model), texts)
    except NluError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    if as_json:
        import json

        typer.echo(json.dumps({kind: vars(score) for kind, score in scores.items()}, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    title = f"Presidio's synthetic sentences ({part} part, {len(texts)})"
    table = Table("kind", "spans", "found", "exactly", "precision", title=title, title_justify="left")
    for kind, score in scores.items():
        shares = (score.recall, score.exact_recall, score.precision)
        table.add_row(kind, str(score.spans), *(f"{share:.1%}" for share in shares))
    console = Console()
    console.print(table)
    for line in wrong if mistakes else []:
        console.print(line, markup=False)
