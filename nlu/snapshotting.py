"""The snapshot that a model is born with: how the examples that training held out are spread over its own bins."""

from collections.abc import Callable, Iterable
from pathlib import Path

from nlu.dataset import Example
from nlu.drift import FEWEST, SNAPSHOT_FILE, Snapshot
from nlu.interpreter import Interpreter
from nlu.metadata import Metadata, load_metadata

MOST = 600
"""Held-out examples of a language that are read: two seconds."""
Progress = Callable[[int, int], None]


def training_snapshot(
    interpreter: Interpreter, examples: Iterable[Example], progress: Progress = lambda _done, _all: None
) -> Snapshot | None:
    """Of the held-out ones among the examples, spread evenly; None when they are too few to tell anything."""
    held_out = [example for example in examples if example.is_held_out]
    texts = [
        text for language in ("en", "zh") for text in _spread([e.text for e in held_out if e.language == language])
    ]
    heard = []
    for done, text in enumerate(texts, start=1):
        heard.append(interpreter.parse(text))
        progress(done, len(texts))
    sizes = [sum(one.language == language for one in heard if one.embedding) for language in ("en", "zh")]
    return Snapshot.of(heard, "training") if max(sizes) >= FEWEST else None


def store_snapshot(folder: Path, examples: Iterable[Example]) -> Metadata:
    """Puts a snapshot beside the model in `folder`, as one of its files. Raises what `load_metadata` raises."""
    snapshot = training_snapshot(Interpreter.load(folder), examples)
    metadata = load_metadata(folder)
    if snapshot is None:
        return metadata
    (folder / SNAPSHOT_FILE).write_text(snapshot.to_json() + "\n", "utf-8")
    return metadata.save(folder)


def _spread(texts: list[str]) -> list[str]:
    step = max(1, -(-len(texts) // MOST))
    return texts[::step]
