"""YAML with its line numbers kept, so that every complaint can say where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

BOOL = "tag:yaml.org,2002:bool"


@dataclass(frozen=True)
class Place:
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class YamlMap(dict[str, Any]):
    """A mapping that knows where it and each of its keys stand."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.places: dict[str, Place] = {}

    def at(self, key: str) -> Place:
        return self.places.get(key, self.place)


class YamlList(list[Any]):
    """A sequence that knows where it and each of its items stand."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.places: list[Place] = []

    def located(self) -> Iterable[tuple[Any, Place]]:
        return zip(self, self.places, strict=True)


@dataclass
class Problems:
    """Everything wrong with an assistant, collected so that it can be mended in one go."""

    found: list[tuple[Place, str]] = field(default_factory=list)

    def add(self, place: Place, text: str) -> None:
        if (place, text) not in self.found:
            self.found.append((place, text))

    def check_keys(
        self, node: YamlMap, read: Iterable[str], what: str, refused: Mapping[str, str] | None = None
    ) -> None:
        """Complain about every key of `node` that is not read; `refused` says for known ones what to do instead."""
        read = set(read)
        for key in node:
            if key in read:
                continue
            way_out = (refused or {}).get(key, f"read here: {', '.join(sorted(read))}")
            self.add(node.at(key), f"key '{key}' of {what} is not supported; {way_out}")

    def mapping(self, node: object, place: Place, what: str) -> YamlMap:
        """`node` if it is a mapping (nothing counts as an empty one), else an empty one and a complaint."""
        if isinstance(node, YamlMap):
            return node
        if node is not None:
            self.add(place, f"{what} must be a mapping (key: value)")
        return YamlMap(place)

    def sequence(self, node: object, place: Place, what: str) -> YamlList:
        """`node` if it is a list (nothing counts as an empty one), else an empty one and a complaint."""
        if isinstance(node, YamlList):
            return node
        if node is not None:
            self.add(place, f"{what} must be a list (- item)")
        return YamlList(place)


def read_yaml(path: Path, name: str, problems: Problems) -> YamlMap:
    """The mapping in the file at `path`, called `name` in complaints. A broken file is a complaint and an empty map."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.add(Place(name, line), f"not valid YAML: {error.problem or error}")
        return YamlMap(Place(name, 1))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problems.add(Place(name, 1), f"not readable as UTF-8 YAML: {error}")
        return YamlMap(Place(name, 1))
    top = Place(name, 1)
    return problems.mapping(_built(node, name, problems) if node else None, top, "the file")


class _Loader(yaml.CSafeLoader):
    """Like Rasa's reader (YAML 1.2): only true and false are booleans; yes, no, on and off are words."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # PyYAML's own way of declaring them
        first: [(tag, pattern) for tag, pattern in resolvers if tag != BOOL or first in "tTfF"]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def _built(node: yaml.Node, file: str, problems: Problems) -> Any:
    place = Place(file, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _built_map(node, file, place, problems)
    if isinstance(node, yaml.SequenceNode):
        items = YamlList(place)
        for child in node.value:
            items.append(_built(child, file, problems))
            items.places.append(Place(file, child.start_mark.line + 1))
        return items
    return _scalar(node)


def _built_map(node: yaml.MappingNode, file: str, place: Place, problems: Problems) -> YamlMap:
    built = YamlMap(place)
    for key_node, value_node in node.value:
        key, here = str(_scalar(key_node)), Place(file, key_node.start_mark.line + 1)
        if key == "<<":
            problems.add(here, "merge keys (<<) are not supported; write the keys out")
        if key in built:
            problems.add(here, f"key '{key}' stands here twice; keep one")
        built[key] = _built(value_node, file, problems)
        built.places[key] = here
    return built


def _scalar(node: yaml.Node) -> Any:
    if node.tag in ("tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge"):
        return node.value
    return yaml.constructor.SafeConstructor().construct_object(node)
