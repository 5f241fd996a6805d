"""A reviewed mapping: foreign label → the intents of ours that it may mean, or the reason why none does."""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import yaml

from nlu.errors import DatasetError

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Mapping:
    """What one source's labels mean here."""

    name: str
    covered: dict[str, frozenset[str]]
    uncovered: dict[str, str]
    """Label → why our repertoire has nothing for it."""
    fill: dict[str, tuple[str, ...]]
    """What stands in for the source's placeholders and masks."""

    def accepted(self, labels: Collection[str]) -> frozenset[str]:
        """The intents that are right for a text with these labels; empty when one of them is not covered.

        Raises DatasetError for a label that the file does not know.
        """
        for label in labels:
            if label not in self.covered and label not in self.uncovered:
                raise DatasetError(
                    f"nlu/transfer/{self.name}.yml: label '{label}' is neither covered nor uncovered there"
                )
        if any(label not in self.covered for label in labels):
            return frozenset()
        return frozenset().union(*(self.covered[label] for label in labels))

    def filled(self, text: str) -> str:
        """`text` with every placeholder replaced by a plausible value, the same one each time."""
        if not self.fill:
            return text
        anywhere = re.compile("|".join(re.escape(mask) for mask in self.fill))
        return anywhere.sub(lambda found: _chosen(self.fill[found[0]], f"{text}{found.start()}"), text)


def load_mapping(name: str, intents: Collection[str], folder: Path = FOLDER) -> Mapping:
    """Reads `<name>.yml`. Raises DatasetError when it names an intent that is none of `intents`, or a label twice."""
    file = folder / f"{name}.yml"
    raw = yaml.safe_load(file.read_text("utf-8"))
    covered = {
        str(label): frozenset([meant] if isinstance(meant, str) else meant) for label, meant in raw["covered"].items()
    }
    uncovered = {str(label): str(group["why"]) for group in raw["uncovered"] for label in group["labels"]}
    if twice := covered.keys() & uncovered.keys():
        raise DatasetError(f"{file}: '{min(twice)}' is covered and uncovered; keep one")
    for label, meant in covered.items():
        if unknown := meant - set(intents):
            raise DatasetError(f"{file}: '{label}' means '{min(unknown)}', which is no intent of this model")
    fill = {str(mask): tuple(map(str, values)) for mask, values in raw.get("fill", {}).items()}
    return Mapping(name, covered, uncovered, fill)


def bucket(text: str, buckets: int) -> int:
    """A number below `buckets`, always the same for the same text."""
    return int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(), 16) % buckets


def _chosen(values: tuple[str, ...], key: str) -> str:
    return values[bucket(key, len(values))]
