"""Text without labels that training listens to: the passages that answers will be retrieved from."""

import re
from collections.abc import Iterator
from pathlib import Path

from nlu.components.language import has_han
from nlu.types import Language

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_LONGEST = 300
_PASSAGE_END = re.compile(r"\n\s*\n|\n(?=[#*-])")


def passages(folder: Path) -> Iterator[tuple[Language, str]]:
    """Every paragraph, heading and list item of the Markdown files below `folder`, with its language."""
    for file in sorted(folder.rglob("*.md")):
        body = _FRONT_MATTER.sub("", file.read_text("utf-8"))
        for raw in _PASSAGE_END.split(body):
            text = raw.strip("#*- \n").replace("\n", " ")[:_LONGEST]
            if len(text) >= 4:
                yield ("zh" if has_han(text) else "en"), text
