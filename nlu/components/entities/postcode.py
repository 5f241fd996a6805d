"""Postcodes: US ZIP (+4), UK, Canada and China. A bare number of the right length is a weak guess."""

import re
from collections.abc import Iterator

from nlu.components.entities.span import Span

_CUED = re.compile(
    r"(?:zip(?:\s?code)?|post(?:al)?\s?code|postcode|邮编|邮政编码)[\s:]*(?:is|number|号码|是|为|#)*[\s:]*"
    r"(?P<code>[A-Za-z0-9](?:[A-Za-z0-9 -]{2,8}[A-Za-z0-9]))(?!\w)",
    re.ASCII | re.IGNORECASE,
)
_BRITISH = re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}(?!\w)", re.ASCII | re.IGNORECASE)
_CANADIAN = re.compile(r"(?<!\w)[ABCEGHJ-NPRSTVXY]\d[A-Z][ -]?\d[A-Z]\d(?!\w)", re.ASCII | re.IGNORECASE)
_AMERICAN = re.compile(r"(?<![\w#$¥€£@/+-])(?<!\d[.,])\d{5}(?:-\d{4})?(?![\w%@/]|[.,]\d|-\d)", re.ASCII)
_CHINESE = re.compile(r"(?<![\w#$¥€£@/+-])(?<!\d[.,])\d{6}(?![\w%@/-]|[.,]\d)", re.ASCII)
_UNIT_AFTER = re.compile(
    r"\s*(?:items?|pieces?|pcs|dollars?|bucks|points?|yuan|usd|块|元|个|件|分|积分|人|天|米|克)", re.IGNORECASE
)
_SHAPE = re.compile(r"\d{5}(?:-?\d{4})?|\d{6}|[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}|[A-Z]\d[A-Z]\d[A-Z]\d")
_CODE_CUE = re.compile(
    r"(?<!zip)(?<!zip )(?<!post)(?<!post )(?<!postal )code|验证码|coupon|promo|otp|pin\b", re.IGNORECASE
)


def find_postcodes(text: str) -> Iterator[Span]:
    """Upper-cased, British and Canadian ones with their space."""
    for match in _CUED.finditer(text):
        code = _first_code(match["code"])
        if code:
            yield Span("postcode", _spaced(code), match.start("code"), match.start("code") + len(code))
    for pattern in (_BRITISH, _CANADIAN):
        for match in pattern.finditer(text):
            yield Span("postcode", _spaced(match[0]), match.start(), match.end(), 0.95)
    for pattern in (_AMERICAN, _CHINESE):
        for match in pattern.finditer(text):
            if not _UNIT_AFTER.match(text, match.end()) and not _CODE_CUE.search(text[: match.start()][-26:]):
                yield Span("postcode", match[0], match.start(), match.end(), 0.6)


def _first_code(found: str) -> str | None:
    """The longest beginning of what follows the cue that has a postcode's shape."""
    for end in range(len(found), 4, -1):
        whole_word = end == len(found) or not found[end].isalnum()
        if whole_word and _SHAPE.fullmatch(found[:end].replace(" ", "").upper()):
            return found[:end]
    return None


def _spaced(code: str) -> str:
    compact = code.upper().replace(" ", "")
    if compact[0].isdigit():
        return compact
    compact = compact.replace("-", "")
    return f"{compact[:-3]} {compact[-3:]}"
