"""`kefu benchmark explanation`: whether the words that `kefu explain` names are those that count."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

BUILT_IN = Path(__file__).parents[3]


def command(
    sets: Annotated[Path, typer.Option(help="Folder with intents_en.yml and intents_zh.yml.")] = BUILT_IN
    / "tests/nlu/frozen",
    model: Annotated[Path, typer.Option(help="Folder of the trained model.")] = BUILT_IN / "nlu/models",
    count: Annotated[int, typer.Option(min=1, help="Sentences of each language.")] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Leave out the weightiest third of a sentence's words, and a random third: what does the intent lose?"""
    from rich.console import Console
    from rich.table import Table

    from nlu.dataset import read_examples
    from nlu.faithfulness import measure_faithfulness
    from nlu.interpreter import Interpreter

    interpreter = Interpreter.load(model)
    found = {}
    for language in ("en", "zh"):
        texts = [one.text for one in read_examples(sets / f"intents_{language}.yml", "nlu")]
        found[language] = measure_faithfulness(interpreter, texts[:: max(1, len(texts) // count)][:count])
    if as_json:
        import json

        typer.echo(json.dumps({language: asdict(one) for language, one in found.items()}, indent=2))
        return
    table = Table("language", "sentences", "without the words named", "without others", "times as much (95 %)")
    for language, one in found.items():
        times = f"{one.told / max(one.random, 1e-6):.2f} ({one.times[0]:.2f} to {one.times[1]:.2f})"
        table.add_row(language, str(one.texts), f"-{one.told:.1%}", f"-{one.random:.1%}", times)
    Console().print(table)
