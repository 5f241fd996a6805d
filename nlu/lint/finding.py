"""One thing that was found in training data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from nlu.dataset import Example

Kind = Literal[
    "conflict",
    "leak",
    "near_duplicate",
    "doubtful",
    "confusable",
    "empty_label",
    "unknown_label",
    "thin_label",
    "unbalanced",
    "duplicate",
]
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]
"""The worst first."""
SERIOUS: frozenset[Kind] = frozenset({"conflict", "leak", "unknown_label"})
"""What makes figures untrue or training impossible."""


@dataclass(frozen=True)
class Finding:
    """What is wrong, with whom, and the way out."""

    kind: Kind
    message: str
    advice: str
    labels: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    """Those it is about, or a few of them."""
    score: float = 1.0
    """How sure or how bad, 0-1; the order within a kind."""
    others: tuple[str, ...] = field(default=())
    """Further places, `file:line`."""

    @property
    def places(self) -> tuple[str, ...]:
        """`file:line` of everything it is about."""
        return (*(example.where for example in self.examples), *self.others)


def worst_first(findings: Sequence[Finding]) -> list[Finding]:
    """By kind, then by score."""
    return sorted(findings, key=lambda one: (KINDS.index(one.kind), -one.score, one.message))
