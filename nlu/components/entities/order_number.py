"""Order numbers: `#W2378156`, `w-2378156`, `order 1234567`, `订单号 1234567` → `#W2378156`, `1234567`."""

import re
from collections.abc import Iterator

from nlu.components.entities.span import Span

_LETTERED = re.compile(
    r"(?<![\w@./'-])(?:#|no\.?)?\s?(?P<letters>[A-Za-z]{1,2})[-\s]?(?P<digits>\d{3}[-\s]?\d{2,7})(?![\w@]|-\d)",
    re.ASCII,
)
_HASHED = re.compile(r"#\s?(?P<digits>\d{4,12})(?!\w|-\d)", re.ASCII)
_NAMED = re.compile(
    r"(?:\border(?:\s+(?:number|no\.?|num|id))?(?:\s+is|:)?|\bnumber(?:\s+is|:)|订单(?:编号|号码|号)?|单号|编号)[\s:是为]*(?:#\s?)?"
    r"(?P<letters>[A-Za-z]{0,3})[-\s]?(?P<digits>\d{4,12})(?![\w@]|-\d)",
    re.ASCII | re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\w@#/$¥€£+-])(?<!\d[.,])(?P<digits>\d{7,9})(?![\w@%/-]|[.,]\d)", re.ASCII)
_NO_ORDER = frozenset(
    {
        "is",
        "in",
        "of",
        "at",
        "on",
        "to",
        "by",
        "or",
        "my",
        "us",
        "no",
        "pa",
        "ca",
        "ny",
        "tx",
        "az",
        "il",
        "fl",
        "co",
        "wa",
        "oh",
        "nc",
        "dc",
        "va",
        "ma",
        "mi",
        "nj",
        "ga",
        "md",
        "mn",
        "nv",
        "tn",
        "mo",
        "wi",
        "ky",
        "la",
        "id",
        "ok",
        "ct",
    }
)


def find_order_numbers(text: str) -> Iterator[Span]:
    """The spans, surest first."""
    for match in _NAMED.finditer(text):
        start = match.start("letters") if match["letters"] else match.start("digits")
        yield _span(match, text.rfind("#", match.start(), start) if "#" in match[0] else start, match["letters"])
    for match in _LETTERED.finditer(text):
        spaced = len(match["digits"]) + len(match["letters"]) < len(match[0].strip("# "))
        if match["letters"].lower() in _NO_ORDER and "#" not in match[0] and spaced:
            continue
        yield _span(match, match.start() + len(match[0]) - len(match[0].lstrip()), match["letters"])
    for match in _HASHED.finditer(text):
        yield _span(match, match.start(), "")
    for match in _BARE.finditer(text):
        yield _span(match, match.start(), "", 0.6)


def _span(match: re.Match[str], start: int, letters: str, confidence: float = 1.0) -> Span:
    digits = re.sub(r"\D", "", match["digits"])
    value = f"#{letters.upper()}{digits}" if letters else digits
    return Span("order_number", value, start, match.end("digits"), confidence)
