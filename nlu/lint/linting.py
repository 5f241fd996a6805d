"""Every check over one set of examples (the intents, or the moods)."""

from collections.abc import Callable, Collection, Sequence

from nlu.dataset import Example
from nlu.lint.counts import THIN, thin_labels, unknown_and_empty
from nlu.lint.finding import Finding, worst_first
from nlu.lint.leaks import leaks
from nlu.lint.likeness import Embed, letters, vectors
from nlu.lint.meaning import confusions, near_duplicates
from nlu.lint.texts import conflicts, duplicates
from nlu.types import Language

Progress = Callable[[int], None]
"""Called with the number of texts that were read since the last call."""


def lint(
    examples: Sequence[Example],
    frozen: Sequence[Example] = (),
    *,
    known: Collection[str] | None = None,
    thin: int = THIN,
    embed: Embed | None = None,
    progress: Progress = lambda _: None,
) -> list[Finding]:
    """The worst first. `known`: the domain's intents; None takes every label. Without `embed` (no model at hand) what
    needs vectors is left out: near-duplicates, confusable labels and doubtful examples."""
    found = [*conflicts(examples), *duplicates(examples), *leaks(examples, frozen), *thin_labels(examples, thin)]
    if known is not None:
        found += unknown_and_empty(examples, known)
    if embed is not None:
        for language in ("en", "zh"):
            found += _by_meaning(_distinct(examples, language), language, embed, progress)
    return worst_first(found)


def _by_meaning(examples: Sequence[Example], language: Language, embed: Embed, progress: Progress) -> list[Finding]:
    if len({example.label for example in examples}) < 2:
        return []
    rows = vectors(examples, language, embed, progress)
    return [*near_duplicates(examples, rows), *confusions(examples, rows)]


def _distinct(examples: Sequence[Example], language: Language) -> list[Example]:
    """The first of each text."""
    seen = {(letters(example.text), example.label): example for example in reversed(examples)}
    return [example for example in reversed(seen.values()) if example.language == language]
