"""Order numbers of any shop: `#W2378156`, `w-2378156`, `order 1042`, `订单900000000000000001`, `ORD_77A`, `INV/26/77`.

What is called an order number is one in nearly any shape. What is not must look like no phone, date, model or measure.
"""

import re
from collections.abc import Iterator

from nlu.components.entities.span import Span

_CODE = r"(?P<code>[A-Za-z0-9]+(?:[-_/][A-Za-z0-9]+)*)"
_ENDS = r"(?![\w@%]|[-/.,]\w)"
_CUE = (
    r"(?:\border(?:\s+(?:number|no\.?|num|id))?(?:\s+is|:)?|(?<!phone )(?<!mobile )(?<!card )\bnumber(?:\s+is|:)|"
    r"订单(?:编号|号码|号)?|(?<!快递)(?<!物流)(?<!运)单号|编号)"
)
_LETTERED = re.compile(
    r"(?<![\w@./'-])(?:#|no\.?(?![A-Za-z]))?\s?(?P<letters>[A-Za-z]{1,2})[-\s]?(?P<digits>\d{3}[-\s]?\d{2,7})(?![\w@]|-\d)",
    re.ASCII,
)
_HASHED = re.compile(r"#\s?(?P<digits>\d{4,20})(?!\w|-\d)", re.ASCII)
_NAMED = re.compile(
    _CUE + r"[\s:是为]*(?:#\s?)?(?P<letters>[A-Za-z]{0,3})[-\s]?(?P<digits>\d{4,20})(?![\w@%]|[-/.,]\w)",
    re.ASCII | re.IGNORECASE,
)
_NAMED_CODE = re.compile(rf"(?:{_CUE}[\s:是为]*#?|#)\s?{_CODE}{_ENDS}", re.ASCII | re.IGNORECASE)
_BARE = re.compile(r"(?<![\w@#/$¥€£+-])(?<!\d[.,])(?P<digits>\d{7,9}|\d{12,20})(?![\w@%/-]|[.,]\d)", re.ASCII)
_BARE_CODE = re.compile(rf"(?<![\w@#/$¥€£+.-]){_CODE}{_ENDS}", re.ASCII)
_DATE = re.compile(r"\d{4}[-/]\d{1,2}(?:[-/]\d{1,2})?|\d{1,2}[-/]\d{1,2}(?:[-/]\d{2,4})?")
_MEASURE = re.compile(r"\d+(?:[a-z]{1,3}|days|hours|weeks|inch|yuan)(?:[-/]\d+[a-z]{1,5})*", re.IGNORECASE)
_CHINESE_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")
_OF_SOMETHING_ELSE = re.compile(
    r"(?:card|account|tax|vat|serial)(?: number| no\.?| id)?(?: is|:)?\s*$|(?:卡|账|税|序列)号?[是为:]?\s*$",
    re.IGNORECASE,
)
_LONE_SHAPES = re.compile(
    r"[A-Za-z]{1,4}\d{5,18}"  # TB2026111800012
    r"|(?=(?:[^\d]*\d){9,20}$)\d{2,}(?:-\d{3,}){1,3}"  # 113-1234567-1234567
    r"|(?=.*[A-Z])(?=.*\d\d)[A-Z0-9]+(?:_[A-Z0-9]+)+"  # ORD_77A
    r"|(?=.*[A-Z])(?=(?:.*\d){3})[A-Z0-9]+(?:[-/][A-Z0-9]+){2,}"  # INV/2026/0077
)
"""What is an order number though nothing says so; a headphone is called WH-1000XM5."""
_NO_ORDER = frozenset(
    """
    is in of at on to by or my us no pa ca ny tx az il fl co wa oh nc dc va ma mi nj ga md mn nv tn mo wi ky la id ok ct
    """.split()  # noqa: SIM905
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
    for match in _NAMED_CODE.finditer(text):
        if _may_be_number(match["code"]):
            yield _code_span(match)
    yield from _not_named(text)


def _not_named(text: str) -> Iterator[Span]:
    for match in _BARE.finditer(text):
        if not _CHINESE_MOBILE.fullmatch(match["digits"]) and not _is_called_otherwise(text, match.start()):
            yield _span(match, match.start(), "", 0.6)
    for match in _BARE_CODE.finditer(text):
        has_shape = _may_be_number(match["code"]) and _LONE_SHAPES.fullmatch(match["code"])
        if has_shape and not _is_called_otherwise(text, match.start()):
            yield _code_span(match, 0.6)


def _is_called_otherwise(text: str, start: int) -> bool:
    """ "Card 4111…", "税号 9133…" """
    return bool(_OF_SOMETHING_ELSE.search(text[:start][-20:]))


def _may_be_number(code: str) -> bool:
    """Whether what is called an order number can be one: digits enough, and no date or measure."""
    digits = sum(map(str.isdigit, code))
    has_enough = digits >= 3 or ("_" in code and digits >= 2)
    is_other = _DATE.fullmatch(code) or _MEASURE.fullmatch(code)
    return 4 <= len(code) <= 24 and has_enough and not is_other


def _code_span(match: re.Match[str], confidence: float = 1.0) -> Span:
    return Span("order_number", match["code"].upper(), match.start("code"), match.end("code"), confidence)


def _span(match: re.Match[str], start: int, letters: str, confidence: float = 1.0) -> Span:
    digits = re.sub(r"\D", "", match["digits"])
    value = f"#{letters.upper()}{digits}" if letters else digits
    return Span("order_number", value, start, match.end("digits"), confidence)
