"""Labelled texts as the classifier takes them, and the texts' scripts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.components.language import has_han
from nlu.types import Language

CONTEXT_END = " [SEP] "
_CONTEXT_CHARACTERS = 240
OUT_OF_SCOPE_NAMES = frozenset({"oos", "out_of_scope", "out-of-scope", "ood", "nlu_fallback"})


@dataclass(frozen=True)
class LabelledTexts:
    """Texts, their labels, and where each was read: `file:line`, `file, row n`."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    where: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.texts)

    def at(self, rows: Iterable[int]) -> "LabelledTexts":
        """Those rows alone, in that order."""
        chosen = [int(row) for row in rows]
        return LabelledTexts(
            tuple(self.texts[row] for row in chosen),
            tuple(self.labels[row] for row in chosen),
            tuple(self.where[row] for row in chosen),
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The distinct labels, sorted."""
        return tuple(sorted(set(self.labels)))

    def indices(self, names: Sequence[str]) -> NDArray[np.int64]:
        """Each row's label as its place in `names`; -1 for a label that is not there."""
        places = {name: place for place, name in enumerate(names)}
        return np.array([places.get(label, -1) for label in self.labels], dtype=np.int64)


def with_context(context: Sequence[str], text: str) -> str:
    """What stood before a text, then the text: the end of a long context counts most, and is kept."""
    before = " | ".join(part for part in context if part)
    return f"{before[-_CONTEXT_CHARACTERS:]}{CONTEXT_END}{text}" if before else text


def without_context(text: str) -> str:
    """The text alone."""
    return text.split(CONTEXT_END)[-1]


def language_of(text: str) -> Language:
    """By script: one Chinese character makes a text Chinese."""
    return "zh" if has_han(without_context(text)) else "en"


def out_of_scope_label(names: Iterable[str]) -> str | None:
    """The label, if there is one, that says that a text belongs to none of the others."""
    return next((name for name in names if name.lower() in OUT_OF_SCOPE_NAMES), None)
