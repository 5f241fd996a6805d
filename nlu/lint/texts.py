"""One text twice: under two labels (a conflict), or under one (a duplicate)."""

from collections.abc import Callable, Iterable, Sequence

from nlu.dataset import Example
from nlu.lint.finding import Finding
from nlu.lint.likeness import identity, letters


def conflicts(examples: Sequence[Example]) -> list[Finding]:
    """The same text, whatever its case and width, under two labels."""
    groups = _grouped(examples, identity)
    return [_conflict(group) for group in groups if len({example.label for example in group}) > 1]


def duplicates(examples: Sequence[Example]) -> list[Finding]:
    """The same letters twice under one label: the second teaches nothing."""
    found = []
    for group in _grouped(examples, letters):
        for label in sorted({example.label for example in group}):
            same = [example for example in group if example.label == label]
            if len(same) > 1:
                message = f"'{label}' has {same[0].text!r} {len(same)} times"
                found.append(
                    Finding("duplicate", message, "Keep one and write another sentence.", (label,), tuple(same))
                )
    return found


def _conflict(group: list[Example]) -> Finding:
    labels = tuple(dict.fromkeys(example.label for example in group))
    return Finding(
        "conflict",
        f"{group[0].text!r} is an example of {' and of '.join(repr(label) for label in labels)}",
        "Decide which one a customer means who says just this, and remove the others; if nobody can know, "
        "remove them all.",
        labels,
        tuple(group),
    )


def _grouped(examples: Sequence[Example], key: Callable[[str], str]) -> Iterable[list[Example]]:
    groups: dict[str, list[Example]] = {}
    for example in examples:
        groups.setdefault(key(example.text) or example.text, []).append(example)
    return [group for group in groups.values() if len(group) > 1]
