"""HTML → its tags and the text between them, in one pass: twice the letters take twice as long, whatever they are.

Python's own parser starts anew at every tag that nobody closed, so that 80 kB of `<a <a <a` keep it busy for minutes,
and some declarations make it fail. What is not closed here ends with the page, as in a browser.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

BEGINS = re.compile(r"<(?=[a-zA-Z/!?])")
STOPS = re.compile(r"[>\"']")
NAME = re.compile(r"/?+[a-zA-Z][^\s/>]{0,40}+")
ATTRIBUTE = re.compile(r"(?<![\w-])(class|id|style)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
RAW = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "textarea", "title")}
"""Within these, nothing is a tag but their own end."""
NO_SIGN = re.compile(r"&#[xX]?[0-9a-fA-F]{8,}+;?")
"""No character has so high a number, and Python fails at very long ones."""


@dataclass(frozen=True)
class Tag:
    name: str
    attributes: str = ""
    is_end: bool = False

    def get(self, wanted: str) -> str:
        """Of the attributes only class, id and style are known."""
        if not self.attributes:
            return ""
        found = (one.groups() for one in ATTRIBUTE.finditer(self.attributes))
        return next((a or b or c or "" for name, a, b, c in found if name.lower() == wanted), "")


def pieces_of(page: str) -> Iterator[str | Tag]:
    """Texts, with their characters as they are meant, and tags, as they come."""
    at = 0
    while begins := BEGINS.search(page, at):
        yield unescaped(page[at : begins.start()])
        inside = begins.end()
        end = end_of(page, inside)
        tag = tag_of(page[inside:end])
        at = end + 1
        if tag:
            yield tag
            if tag.name in RAW and not tag.is_end:
                closes = RAW[tag.name].search(page, at)
                at = closes.start() if closes else len(page)
    yield unescaped(page[at:])


def end_of(page: str, inside: int) -> int:
    """Where what begins at `inside` has its last sign."""
    if page.startswith("!--", inside):
        end = page.find("-->", inside)
        return len(page) if end < 0 else end + 2
    while page[inside : inside + 1] not in ("!", "?") and (stop := STOPS.search(page, inside)):
        if stop[0] == ">":
            return stop.start()
        closing = page.find(stop[0], stop.end())
        inside = stop.end() if closing < 0 else closing + 1
    end = page.find(">", inside)
    return len(page) if end < 0 else end


def tag_of(words: str) -> Tag | None:
    """None for comments and declarations."""
    named = NAME.match(words)
    if named is None:
        return None
    return Tag(named[0].removeprefix("/").lower(), words[named.end() :], is_end=words.startswith("/"))


def unescaped(text: str) -> str:
    return html.unescape(NO_SIGN.sub("", text))
