"""What a platform can show, in the unit in which it counts; and a text cut into pieces that it takes whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import regex

Unit = Literal["characters", "utf16", "bytes"]
GRAPHEME = regex.compile(r"\X")
GOOD_PLACES = ("\n\n", "\n", "。", "！", "？", ". ", "! ", "? ", "；", "; ", "，", ", ", " ")
"""Where a text is cut, best first; in the second half of a piece only, so that no piece is tiny."""


@dataclass(frozen=True)
class Capabilities:
    """What it cannot show becomes text (`fitting.py`); what is too long is split, never cut off."""

    text_limit: int = 4000
    """Of one message, in `unit`."""
    unit: Unit = "characters"
    buttons: int = 0
    """How many one message may have; more are written as a numbered list."""
    title_limit: int = 0
    """Longest title of a button, in `unit`; with a longer one all become a numbered list."""
    cards: bool = False
    cards_at_once: int = 0
    """How many cards one message may have; more are several messages. 0: any."""
    card_text_limit: int = 0
    """Longest title of a card, and longest line below it, in `unit`; with a longer one all become text. 0: any."""
    card_buttons: int = 0
    """How many buttons a card may have, with titles of at most `title_limit`; with more all become text. 0: any."""
    images: bool = False
    files: bool = False
    """Whether a file can be sent as such; else its address is written."""
    uploads: bool = False
    """Whether files and images go out as bytes (`Part.contents`), so that they need no public address."""
    rows: int = 0
    """How many rows a list may have; a longer one becomes buttons or a numbered list, as all do where it is 0."""
    row_title_limit: int = 0
    """Longest title of a row, in `unit`; 0: any."""
    row_description_limit: int = 0
    """Longest description of a row, in `unit`; 0: any."""
    button_text_limit: int | None = None
    """Longest text that may carry buttons or a list, where that is less; they follow a longer one on their own."""
    window_hours: float | None = None
    """How long after the person's latest message the platform lets anything be sent."""
    attachment_limit_bytes: int = 20_000_000
    """The largest attachment that is fetched."""


def size(text: str, unit: Unit) -> int:
    if unit == "utf16":
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    return len(text.encode("utf-8", "surrogatepass")) if unit == "bytes" else len(text)


def split(text: str, limit: int, unit: Unit) -> list[str]:
    """Pieces of at most `limit`; no grapheme (a family emoji, a letter with its accents) is torn apart.

    Only white space at a cut is lost. A single grapheme that is longer than the limit is cut between code points.
    """
    pieces = []
    rest = text.strip()
    while size(rest, unit) > limit:
        head = _longest_head(rest, limit, unit)
        head = head[: _cut(head, rest)]
        pieces.append(head.rstrip())
        rest = rest[len(head) :].lstrip()
    return [piece for piece in (*pieces, rest) if piece]


def _longest_head(text: str, limit: int, unit: Unit) -> str:
    for parts in (_graphemes(text), iter(text)):
        length = taken = 0
        for part in parts:
            length += size(part, unit)
            if length > limit:
                break
            taken += len(part)
        if taken:
            return text[:taken]
    raise ValueError(f"no character fits into {limit} {unit}")


def _graphemes(text: str) -> Iterator[str]:
    return (match.group() for match in GRAPHEME.finditer(text))


def _cut(head: str, text: str) -> int:
    """How much of `head` is the piece: up to the best place in its second half; all of it where there is none."""
    if text[len(head) : len(head) + 1].isspace():
        return len(head)
    for place in GOOD_PLACES:
        if (at := head.rfind(place, len(head) // 2)) >= 0:
            return at + len(place)
    return len(head)
