"""Reads training examples: Rasa 3.1 NLU YAML for intents, and the same list form for sentiment.

    nlu:
    - intent: cancel_order
      examples: |
        - please cancel [#W1234567](order_number)
        - 帮我取消订单

Rasa's entity marks are accepted and read as plain text. English and Chinese stand in one list; script tells them apart.
What cannot be meant (a label nobody knows, an intent without examples, one text under two labels, bytes that are not
UTF-8) stops the reading, with file and line.
"""

import codecs
import difflib
import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import yaml

from nlu.components.language import has_han
from nlu.components.normalizer import fold
from nlu.errors import DatasetError
from nlu.types import Language, SentimentLabel

SENTIMENTS: tuple[SentimentLabel, ...] = ("negative", "neutral", "positive")
_TOP_LEVEL = frozenset({"version", "nlu", "sentiment"})
_OTHER_NLU_KEYS = frozenset({"synonym", "regex", "lookup"})
_NO_NAME = frozenset({"tag:yaml.org,2002:null", "tag:yaml.org,2002:float"})
"""What YAML makes of an empty value, `~`, `null` and `.nan`."""
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
    """A sentence for each text that stands under two labels, where the first was told to count."""

    @cached_property
    def intent_names(self) -> tuple[str, ...]:
        return tuple(sorted({example.label for example in self.intents}))

    @property
    def sha256(self) -> str:
        """The same for the same texts under the same labels, in whatever order and files they stand."""
        lines = [f"{kind}\t{example.label}\t{example.text}" for kind, example in self._all()]
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()

    def _all(self) -> Iterator[tuple[str, Example]]:
        yield from (("intent", example) for example in self.intents)
        yield from (("sentiment", example) for example in self.sentiments)


def load_dataset(
    intents: Path,
    sentiment: Path | None = None,
    intent_files: str = "*.yml",
    sentiment_files: str = "*.yml",
    *,
    known_intents: Collection[str] | None = None,
    keep_first: bool = False,
) -> Dataset:
    """Reads the files below `intents`, and below `sentiment` when that folder exists.

    `known_intents`: an intent that is none of these is a mistake; None takes every name. `keep_first`: a text under two
    labels counts under the first instead of being a mistake. Raises DatasetError with file and line for what it can't
    read, and when there is nothing to learn from.
    """
    examples, contradictions = _distinct(_read_folder(intents, intent_files, "nlu"), keep_first)
    if not examples:
        raise DatasetError(
            f"{intents}: no examples found; put Rasa NLU files (*.yml) there, see docs/adding-an-intent.md"
        )
    if known_intents is not None:
        _refuse_unknown(examples, known_intents)
    if sentiment is None or not sentiment.is_dir():
        return Dataset(examples, (), contradictions)
    moods, more = _distinct(_read_folder(sentiment, sentiment_files, "sentiment"), keep_first)
    return Dataset(examples, moods, contradictions + more)


def read_examples(folder: Path, kind: Literal["nlu", "sentiment"], files: str = "*.yml") -> list[Example]:
    """Every example below `folder` as it stands, repeated and contradictory ones too. Raises DatasetError."""
    return list(_read_folder(folder, files, kind))


def _refuse_unknown(examples: tuple[Example, ...], known: Collection[str]) -> None:
    for example in examples:
        if example.label not in known:
            near = difflib.get_close_matches(example.label, known, n=1)
            meant = f"did you mean '{near[0]}'? Else name" if near else "name"
            raise DatasetError(
                f"{example.where}: intent '{example.label}' is not in the domain; {meant} it under `intents:`"
            )


def _read_folder(folder: Path, pattern: str, kind: str) -> Iterator[Example]:
    files = [folder] if folder.is_file() else sorted(folder.rglob(pattern))
    for file in files:
        yield from _read_file(file, kind)


def _read_file(file: Path, kind: str) -> Iterator[Example]:
    try:
        root = yaml.compose(read_utf8(file), Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise DatasetError(f"{file}{_place(error, file)}: not readable as YAML: {_words(error)}") from error
    if root is None:
        return
    for key, value in _mapping(file, root).items():
        if key not in _TOP_LEVEL:
            raise DatasetError(f"{file}:{_line(value)}: unknown key '{key}'; known are {', '.join(sorted(_TOP_LEVEL))}")
        if key == kind:
            yield from _read_blocks(file, value, "intent" if kind == "nlu" else "label")


def read_utf8(file: Path) -> str:
    """The file's text, without a byte order mark. Raises DatasetError with the line of what is not UTF-8."""
    content = file.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DatasetError(
            f"{file}:{line}: byte 0x{content[error.start]:02x} is not UTF-8; save the file as UTF-8 "
            f"({_likely(content)})"
        ) from error


def _likely(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "it is UTF-16, as some spreadsheets save text: `iconv -f utf-16 -t utf-8`"
    return "a Chinese file is often GB18030: `iconv -f gb18030 -t utf-8`"


def _place(error: yaml.YAMLError, file: Path) -> str:
    if isinstance(error, yaml.reader.ReaderError):
        return f":{read_utf8(file).count(chr(10), 0, error.position) + 1}"
    mark = getattr(error, "problem_mark", None)
    return f":{mark.line + 1}" if mark else ""


def _words(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.reader.ReaderError):
        return f"character U+{int(error.character):04X} is not allowed"
    return str(getattr(error, "problem", None) or error)


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
        label = _label(file, label_key, fields[label_key])
        if label_key == "label" and label not in SENTIMENTS:
            raise DatasetError(f"{file}:{_line(block)}: sentiment '{label}' is none of {', '.join(SENTIMENTS)}")
        yield from _read_examples(file, label, fields["examples"])


def _label(file: Path, key: str, node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode) or node.tag in _NO_NAME or not str(node.value).strip():
        raise DatasetError(f"{file}:{_line(node)}: '{key}' needs a name; found {str(node.value)[:40]!r}")
    return str(node.value).strip()


def _read_examples(file: Path, label: str, node: yaml.Node) -> Iterator[Example]:
    if not isinstance(node, yaml.ScalarNode):
        raise DatasetError(f"{file}:{_line(node)}: write the examples as a block: 'examples: |', then '- text' lines")
    is_empty = True
    for line, raw in enumerate(str(node.value).splitlines(), start=_line(node) + 1):
        if not raw.strip():
            continue
        yield Example(_example(raw.strip(), f"{file}:{line}"), label, f"{file}:{line}")
        is_empty = False
    if is_empty:
        raise DatasetError(f"{file}:{_line(node)}: '{label}' has no examples; add some or remove the block")


def _example(line: str, where: str) -> str:
    if line != "-" and not line.startswith("- "):
        raise DatasetError(f"{where}: an example starts with '- '; found {line[:40]!r}")
    text = _ENTITY_MARK.sub(r"\1", line[1:].strip())
    if not fold(text).strip():
        raise DatasetError(f"{where}: an empty example; write what a customer says after '- ', or remove the line")
    return text


def _mapping(file: Path, node: yaml.Node) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise DatasetError(f"{file}:{_line(node)}: 'key: value' lines were expected here")
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if str(key.value) in found:
            raise DatasetError(f"{file}:{_line(key)}: '{key.value}' stands here for the second time; join the two")
        found[str(key.value)] = value
    return found


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _distinct(examples: Iterator[Example], keep_first: bool) -> tuple[tuple[Example, ...], tuple[str, ...]]:
    """Each text once, under the label it had first; and a sentence for each text that stands under two labels."""
    seen: dict[str, Example] = {}
    contradictions = []
    for example in examples:
        first = seen.setdefault(fold(example.text).lower().strip(), example)
        if first.label != example.label:
            contradictions.append(
                f"{example.where}: {example.text!r} is an example of '{example.label}' here and of '{first.label}' "
                f"at {first.where}; keep one"
            )
    if contradictions and not keep_first:
        rest = f"\n({len(contradictions) - 1} more like it)" if len(contradictions) > 1 else ""
        raise DatasetError(f"{contradictions[0]}, or let the first count (`kefu train --keep-first`){rest}")
    return tuple(seen.values()), tuple(contradictions)
