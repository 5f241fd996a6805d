"""`kefu models replay`: which decisions of the last days another model would have made."""

import typer


def replay() -> None:
    """Replay stored conversations through a candidate and list every turn whose decision would change."""
    raise typer.Exit(2)
