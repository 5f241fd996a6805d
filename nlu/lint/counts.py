"""Too few examples, none at all, a label nobody knows, or a language that was forgotten."""

from collections import Counter
from collections.abc import Collection, Sequence

from nlu.dataset import Example
from nlu.lint.finding import Finding
from nlu.types import Language

THIN = 30
"""Fewer examples a language than this and the label's accuracy is a matter of luck; 60 are a good start."""
UNBALANCED = 0.5
"""A language with less than this share of the other's examples is unbalanced."""


def thin_labels(examples: Sequence[Example], thin: int = THIN) -> list[Finding]:
    """Labels with fewer than `thin` examples in a language, and those with far fewer in one than in the other."""
    counts = Counter((example.label, example.language) for example in examples)
    spoken = sorted({language for _, language in counts})
    found = []
    for label in sorted({label for label, _ in counts}):
        here = {language: counts[label, language] for language in spoken}
        few = [language for language in spoken if here[language] < thin]
        found += [_thin(label, language, here[language], thin) for language in few]
        if not few and min(here.values()) < UNBALANCED * max(here.values()):
            found.append(_unbalanced(label, here))
    return found


def unknown_and_empty(examples: Sequence[Example], known: Collection[str]) -> list[Finding]:
    """Labels that the domain does not name, and those it names that have no example."""
    there = {example.label: example for example in reversed(examples)}
    unknown = [
        Finding(
            "unknown_label",
            f"the domain has no intent '{label}'",
            "Name it under `intents:`, or correct the label.",
            (label,),
            (there[label],),
        )
        for label in sorted(there.keys() - set(known))
    ]
    empty = [
        Finding(
            "empty_label",
            f"'{label}' stands in the domain and has no examples",
            "Write some, or remove the intent.",
            (label,),
        )
        for label in sorted(set(known) - there.keys())
    ]
    return unknown + empty


def _thin(label: str, language: Language, count: int, thin: int) -> Finding:
    return Finding(
        "thin_label",
        f"'{label}' has {count} examples in '{language}'",
        f"Write {thin - count} more at least: short, long, indirect, misspelt; rewordings of one sentence are one.",
        (label,),
        score=1 - count / thin,
    )


def _unbalanced(label: str, here: dict[Language, int]) -> Finding:
    fewest = min(here, key=lambda language: here[language])
    counts = ", ".join(f"{count} in '{language}'" for language, count in here.items())
    return Finding(
        "unbalanced",
        f"'{label}' has {counts}",
        f"Write more in '{fewest}', so that both languages are read equally well.",
        (label,),
        score=1 - here[fewest] / max(here.values()),
    )
