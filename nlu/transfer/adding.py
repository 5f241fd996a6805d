"""What training on other people's texts would add, where their licence lets a model be shipped that was: Bitext's."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nlu.dataset import Dataset, Example
from nlu.interpreter import Interpreter
from nlu.lint.likeness import letters
from nlu.transfer import bitext
from nlu.transfer.mapping import Mapping, load_mapping
from nlu.transfer.rows import Row


def with_bitext(dataset: Dataset, data: Path, interpreter: Interpreter) -> Dataset:
    """`dataset` and the train split of Bitext's 27 intents, under the intents they mean here.

    Where a label means several of ours, the one that `interpreter` finds likeliest among them is taken. Left out: what
    our repertoire does not cover, and what is a sentence of a part that is counted.
    """
    mapping = load_mapping("bitext", interpreter.metadata.intents)
    rows = bitext.read_intents(data, mapping)
    counted = {letters(row.text) for row in (*rows, *bitext.read_instructions(data, mapping)) if row.part == "test"}
    ours = {letters(example.text) for example in dataset.intents}
    taken = {letters(row.text): row for row in rows if letters(row.text) not in counted | ours}
    return replace(dataset, intents=(*dataset.intents, *_examples(list(taken.values()), mapping, interpreter)))


def _examples(rows: Sequence[Row], mapping: Mapping, interpreter: Interpreter) -> list[Example]:
    return [
        Example(row.text, _meant(row.text, accepted, interpreter), "bitext")
        for row in rows
        if (accepted := mapping.accepted(row.labels))
    ]


def _meant(text: str, accepted: frozenset[str], interpreter: Interpreter) -> str:
    if len(accepted) == 1:
        return next(iter(accepted))
    return next(guess.name for guess in interpreter.parse(text).intents if guess.name in accepted)
