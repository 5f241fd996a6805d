"""Folding: the same text, character for character, in one width, one script and without control characters.

Offsets of the folded text are offsets of the original, because every character maps to exactly one character.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

MODEL_CHARACTERS = 600
"""More than the encoders' token limit can hold; cutting here keeps a 1 MB message cheap."""

_SIMPLIFIED = Path(__file__).with_name("simplified.txt")
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
_SPELLING = {"’": "'", "‘": "'", "“": '"', "”": '"', "﹣": "-", "–": "-", "—": "-", "−": "-"}

_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", re.ASCII)
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_NUMBER = re.compile(
    r"(?<![\w./-])(?=[A-Z/-]*\d[A-Z/-]*\d[A-Z/-]*\d)[A-Z][A-Z\d]*(?:[-/][A-Z\d]+){2,}(?![\w/-])"  # INV/2026/0077
    r"|(?<![\w./-])(?=\w*\d\d)[A-Z\d]+(?:_[A-Z\d]+)+|\b\d{3}-\d{7}-\d{7}\b"
    r"|#\s?[A-Z]{0,3}-?\d{4,}|(?<![A-Z])[A-Z]{1,3}-?\d{5,}"  # an order
    r"|\+\d[\d ()-]{6,}\d|\b\d{3,4}[ -]\d{3,4}[ -]?\d{4}\b"  # a phone
    r"|\d{5,}",
    re.ASCII | re.IGNORECASE,
)
_SPACES = re.compile(r"\s+")
_REPEATS = re.compile(r"(.)\1{3,}")


class _CharacterTable(dict[int, str]):
    """Fills itself: a character is folded once and remembered."""

    def __missing__(self, codepoint: int) -> str:
        folded = _fold_character(chr(codepoint))
        self[codepoint] = folded
        return folded


@cache
def simplified() -> dict[str, str]:
    """Traditional character → simplified, one to one."""
    pairs = "".join(line for line in _SIMPLIFIED.read_text("utf-8").splitlines() if not line.startswith("#"))
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


def _fold_character(character: str) -> str:
    if character in "\n\t":
        return character
    if unicodedata.category(character) in ("Cc", "Cs", "Cn") or character in _ZERO_WIDTH:
        return " "
    compatible = unicodedata.normalize("NFKC", character)
    narrow = compatible if len(compatible) == 1 else character
    narrow = _SPELLING.get(narrow, narrow)
    return simplified().get(narrow, narrow)


_TABLE = _CharacterTable()


def fold(text: str) -> str:
    """`text` with full-width forms narrowed and traditional characters simplified; same length, same offsets."""
    return text.translate(_TABLE)


def for_model(folded: str) -> str:
    """What the encoder reads: one sign for every link, e-mail address and number of five digits or more (an order, a
    phone, a postcode), so that none of them tells it anything but its kind."""
    text = folded[:MODEL_CHARACTERS]
    text = _NUMBER.sub(" # ", _EMAIL.sub(" @ ", _LINK.sub(" link ", text)))
    return _SPACES.sub(" ", _REPEATS.sub(r"\1\1\1", text)).strip()
