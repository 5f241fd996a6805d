"""Test sets that are no plain intent examples: YAML by language, read with the line of every case."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from nlu.errors import DatasetError
from nlu.types import Language


class _Loader(yaml.SafeLoader):
    """YAML in which a customer's `yes` and `no` are words."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:bool"]
    for letter, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Cases:
    """One file of cases. Everything raises DatasetError with file and line for what is not as it must be."""

    file: Path
    parts: dict[str, Node]

    @classmethod
    def load(cls, file: Path) -> "Cases":
        try:
            root = yaml.compose(file.read_text("utf-8"), Loader=_Loader)
        except FileNotFoundError as error:
            raise DatasetError(f"{file}: no such file; the test sets are in tests/nlu/frozen of a checkout") from error
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise DatasetError(f"{file}: not readable as YAML: {error}") from error
        if not isinstance(root, MappingNode):
            raise DatasetError(f"{file}:1: must be a mapping with `en` and `zh`")
        return cls(file, {str(key.value): node for key, node in root.value})

    def value(self, part: str) -> Any:
        """What stands under `part`, as plain values; None when it is not there."""
        node = self.parts.get(part)
        return None if node is None else _constructed(node)

    def lines(self, part: Language) -> Iterator[tuple[str, str]]:
        """The lines of the texts under `part`, each with the place where it stands."""
        for name, node in self._children(part):
            if not isinstance(node, ScalarNode):
                raise DatasetError(f"{self._at(node)}: `{name}` must be a text (`|`) with a sentence a line")
            for number, line in enumerate(node.value.splitlines(), start=node.start_mark.line + 2):
                if line.strip():
                    yield line.strip(), f"{self.file}:{number}"

    def mappings(
        self, part: str, needed: frozenset[str], known: frozenset[str]
    ) -> Iterator[tuple[dict[str, Any], str]]:
        """The mappings listed under `part`, each with its place."""
        node = self.parts.get(part)
        if not isinstance(node, SequenceNode):
            raise DatasetError(f"{self.file}: `{part}` must be a list of cases")
        for item in node.value:
            case = _constructed(item)
            if not isinstance(case, dict) or not needed <= case.keys() <= known:
                raise DatasetError(
                    f"{self._at(item)}: a case must have {', '.join(sorted(needed))}; "
                    f"known are {', '.join(sorted(known))}"
                )
            yield case, self._at(item)

    def _children(self, part: str) -> Iterator[tuple[str, Node]]:
        node = self.parts.get(part)
        if not isinstance(node, MappingNode):
            raise DatasetError(f"{self.file}: `{part}` must be a mapping of texts")
        for key, child in node.value:
            yield str(key.value), child

    def _at(self, node: Node) -> str:
        return f"{self.file}:{node.start_mark.line + 1}"


def _constructed(node: Node) -> Any:
    loader = _Loader("")
    return loader.construct_object(node, deep=True)
