"""The XML of WeChat and WeCom: a root with fields in it. No DTD is read, so no entity is ever expanded or fetched."""

from collections.abc import Mapping
from xml.parsers import expat

LONGEST_BYTES = 200_000
"""A delivery has a few kilobytes; four megabytes, which anybody may send, would keep Kefu busy for seconds."""


def fields_of(body: bytes) -> dict[str, str]:
    """What stands in the root, by its name, however deep. Raises ValueError for anything else."""
    if len(body) > LONGEST_BYTES:
        raise ValueError("too long to be read before it is known whose it is")
    found: dict[str, str] = {}
    path: list[str] = []

    def start(tag: str, _attributes: Mapping[str, str]) -> None:
        path.append(tag)
        if len(path) > 1:
            found[tag] = ""

    def text(words: str) -> None:
        if len(path) > 1:
            found[path[-1]] += words

    def end(_tag: str) -> None:
        path.pop()

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise ValueError("not well-formed XML") from error
    return found


def _refuse(*_: object) -> None:
    raise ValueError("an XML delivery has no DTD")
