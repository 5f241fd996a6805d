"""Training texts that stand, exactly or nearly, in files that only measure: what they measure then is memory."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from nlu.dataset import Example, read_utf8
from nlu.errors import DatasetError
from nlu.lint.finding import Finding
from nlu.lint.likeness import core, is_turned_round, letters
from nlu.pipeline import LANGUAGES
from nlu.types import Language

NEAR = 0.93
"""From this share of common characters on, two texts are one sentence in two spellings …"""
_TELLING: dict[Language, int] = {"en": 12, "zh": 6}
"""… if they have so many: "agent please" is not "agent" from memory."""
_ADVICE = (
    "Remove it from the training data, never from the test file: a test that moves towards its model tests nothing."
)


def frozen_texts(folder: Path) -> list[Example]:
    """Every text of the YAML files below `folder` (values of `text`, lines of `examples`), labelled by its file.

    Not those whose entities are tested: rules find these, no example teaches them.
    """
    if not folder.is_dir():
        raise DatasetError(f"{folder}: no such folder; --frozen names the one with the test files")
    return [text for file in sorted(folder.rglob("*.yml")) for text in _texts(file)]


def leaks(examples: Sequence[Example], frozen: Sequence[Example]) -> list[Finding]:
    """The same letters in both, or one sentence in two spellings."""
    return [
        finding
        for language in LANGUAGES
        for finding in _leaks(_of(examples, language), _of(frozen, language), _TELLING[language])
    ]


def _leaks(examples: Sequence[Example], frozen: Sequence[Example], telling: int) -> Iterator[Finding]:
    cores = [core(example.text) for example in examples]
    for test in frozen:
        found = process.extract(
            core(test.text), cores, scorer=Levenshtein.normalized_similarity, score_cutoff=NEAR, limit=None
        )
        for _, alike, place in found:
            trained = examples[place]
            if letters(trained.text) == letters(test.text):
                yield _leak(trained, test, 1.0)
            elif len(core(test.text)) >= telling and not is_turned_round(test.text, trained.text):
                yield _leak(trained, test, min(alike, 0.99))


def _of(examples: Sequence[Example], language: Language) -> list[Example]:
    return [example for example in examples if example.language == language]


def _leak(trained: Example, tested: Example, alike: float) -> Finding:
    how = "stands" if alike == 1.0 else f"stands as {tested.text!r}"
    return Finding(
        "leak",
        f"{trained.text!r} ('{trained.label}') {how} in a test file too",
        _ADVICE,
        (trained.label,),
        (trained,),
        round(alike, 3),
        (tested.where,),
    )


def _texts(file: Path) -> Iterator[Example]:
    try:
        root = yaml.compose(read_utf8(file), Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise DatasetError(f"{file}: not readable as YAML: {error}") from error
    yield from _below(file, root)


def _below(file: Path, node: yaml.Node | None) -> Iterator[Example]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _below(file, item)
    elif isinstance(node, yaml.MappingNode) and not any(key.value == "entities" for key, _ in node.value):
        for key, value in node.value:
            if isinstance(value, yaml.ScalarNode):
                yield from _said(file, str(key.value), value)
            else:
                yield from _below(file, value)


def _said(file: Path, key: str, value: yaml.ScalarNode) -> Iterator[Example]:
    line = int(value.start_mark.line) + 1
    if key == "text":
        yield Example(str(value.value), file.stem, f"{file}:{line}")
    elif key == "examples":
        for number, raw in enumerate(str(value.value).splitlines(), start=line + 1):
            if raw.strip("- "):
                yield Example(raw.strip().removeprefix("- "), file.stem, f"{file}:{number}")
