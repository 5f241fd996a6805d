"""Reads training examples: Rasa 3.1 NLU YAML for intents, and the same list form for sentiment.

    nlu:
    - intent: cancel_order
      examples: |
        - please cancel [#W1234567](order_number)
        - 帮我取消订单

Rasa's entity marks are accepted and read as plain text. English and Chinese stand in one list; script tells them apart.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from nlu.components.language import has_han
from nlu.components.normalizer import fold
from nlu.errors import DatasetError
from nlu.types import Language, SentimentLabel

SENTIMENTS: tuple[SentimentLabel, ...] = ("negative", "neutral", "positive")
_TOP_LEVEL = frozenset({"version", "nlu", "sentiment"})
_OTHER_NLU_KEYS = frozenset({"synonym", "regex", "lookup"})
_ENTITY_MARK = re.compile(r"\[([^\]\n]+)\](?:\([^)\n]*\)|\{[^}\n]*\})")


@dataclass(frozen=True)
class Example:
    """One utterance and its label: an intent's name, or a sentiment."""

    text: str
    label: str
    where: str

    @property
    def language(self) -> Language:
        return "zh" if has_han(self.text) else "en"

    @property
    def is_held_out(self) -> bool:
        """About a tenth of the texts, always the same ones, kept from training to choose and to calibrate."""
        digest = hashlib.md5(fold(self.text).lower().strip().encode(), usedforsecurity=False).hexdigest()
        return int(digest, 16) % 10 == 9


@dataclass(frozen=True)
class Dataset:
    """Everything a training run learns from."""

    intents: tuple[Example, ...]
    sentiments: tuple[Example, ...]
    contradictions: tuple[str, ...] = ()
    """A sentence for each text that stands under two labels; the first label counts."""

    @property
    def intent_names(self) -> tuple[str, ...]:
        return tuple(sorted({example.label for example in self.intents}))


def load_dataset(
    intents: Path, sentiment: Path | None = None, intent_files: str = "*.yml", sentiment_files: str = "*.yml"
) -> Dataset:
    """Reads the files below `intents`, and below `sentiment` when that folder exists.

    Raises DatasetError with file and line for what it can't read, and when there is nothing to learn from.
    """
    examples, contradictions = _distinct(_read_folder(intents, intent_files, "nlu"))
    if not examples:
        raise DatasetError(
            f"{intents}: no examples found; put Rasa NLU files (*.yml) there, see docs/adding-an-intent.md"
        )
    if sentiment is None or not sentiment.is_dir():
        return Dataset(examples, (), contradictions)
    moods, more = _distinct(_read_folder(sentiment, sentiment_files, "sentiment"))
    return Dataset(examples, moods, contradictions + more)


def _read_folder(folder: Path, pattern: str, kind: str) -> Iterator[Example]:
    files = [folder] if folder.is_file() else sorted(folder.rglob(pattern))
    for file in files:
        yield from _read_file(file, kind)


def _read_file(file: Path, kind: str) -> Iterator[Example]:
    try:
        root = yaml.compose(file.read_text("utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DatasetError(f"{file}: not readable as UTF-8 YAML: {error}") from error
    if root is None:
        return
    for key, value in _mapping(file, root).items():
        if key not in _TOP_LEVEL:
            raise DatasetError(f"{file}:{_line(value)}: unknown key '{key}'; known are {', '.join(sorted(_TOP_LEVEL))}")
        if key == kind:
            yield from _read_blocks(file, value, "intent" if kind == "nlu" else "label")


def _read_blocks(file: Path, blocks: yaml.Node, label_key: str) -> Iterator[Example]:
    if not isinstance(blocks, yaml.SequenceNode):
        raise DatasetError(f"{file}:{_line(blocks)}: a list of '- {label_key}: …' blocks was expected here")
    for block in blocks.value:
        fields = _mapping(file, block)
        if fields.keys() & _OTHER_NLU_KEYS:
            raise DatasetError(f"{file}:{_line(block)}: synonym, regex and lookup are not supported; remove the block")
        if unknown := fields.keys() - {label_key, "examples"}:
            raise DatasetError(
                f"{file}:{_line(block)}: unknown key '{min(unknown)}' beside '{label_key}' and 'examples'"
            )
        if fields.keys() != {label_key, "examples"}:
            raise DatasetError(f"{file}:{_line(block)}: a block needs '{label_key}' and 'examples'")
        label = str(fields[label_key].value)
        if label_key == "label" and label not in SENTIMENTS:
            raise DatasetError(f"{file}:{_line(block)}: sentiment '{label}' is none of {', '.join(SENTIMENTS)}")
        yield from _read_examples(file, label, fields["examples"])


def _read_examples(file: Path, label: str, node: yaml.Node) -> Iterator[Example]:
    if not isinstance(node, yaml.ScalarNode):
        raise DatasetError(f"{file}:{_line(node)}: write the examples as a block: 'examples: |', then '- text' lines")
    for line, raw in enumerate(str(node.value).splitlines(), start=_line(node) + 1):
        text = raw.strip()
        if not text:
            continue
        if not text.startswith("- "):
            raise DatasetError(f"{file}:{line}: an example starts with '- '; found {text[:40]!r}")
        yield Example(_ENTITY_MARK.sub(r"\1", text[2:].strip()), label, f"{file}:{line}")


def _mapping(file: Path, node: yaml.Node) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise DatasetError(f"{file}:{_line(node)}: 'key: value' lines were expected here")
    return {str(key.value): value for key, value in node.value}


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _distinct(examples: Iterator[Example]) -> tuple[tuple[Example, ...], tuple[str, ...]]:
    """Each text once, under the label it had first; and a sentence for each text that stands under two labels."""
    seen: dict[str, Example] = {}
    contradictions = []
    for example in examples:
        first = seen.setdefault(fold(example.text).lower().strip(), example)
        if first.label != example.label:
            contradictions.append(
                f"{example.where}: {example.text!r} is an example of '{example.label}' here and of '{first.label}' "
                f"at {first.where}; keep one (training keeps the first)"
            )
    return tuple(seen.values()), tuple(contradictions)
