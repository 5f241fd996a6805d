"""E-mail addresses and phone numbers (Chinese and international, through `phonenumbers`)."""

import re
from collections.abc import Iterator

import phonenumbers

from nlu.components.entities.span import Span
from nlu.types import Language

_EMAIL = re.compile(
    r"(?<![\w.+%-])[A-Za-z0-9_][\w.+%-]{0,63}@[A-Za-z0-9](?:[\w-]{0,62})(?:\.[A-Za-z0-9-]{1,63})*\.[A-Za-z]{2,24}(?![\w@])",
    re.ASCII,
)
_SPOKEN_EMAIL = re.compile(
    r"\b[\w.+-]{1,64}\s+(?:at|\(at\)|\[at\])\s+[\w-]{2,63}(?:\s*(?:dot|\(dot\)|\[dot\]|\.)\s*(?:com|net|org|cn|co|edu|io|uk|de))+\b",
    re.ASCII | re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w@#$¥/-])(?<!\d[.,])(?:\+|00)?\(?\d[\d\s().-]{5,18}\d(?P<extension>\s?(?:x|ext\.?)\s?\d{1,6})?(?![\w@%])",
    re.ASCII,
)
_CUE = re.compile(
    r"phone|mobile|cell|call|tel|number is|whatsapp|\b(?:desk|office|fax):|电话|手机|联系方式|号码|打给", re.IGNORECASE
)
_LABEL = re.compile(r"(?:phone|mobile|cell|tel|desk|office|fax)\s*:\s*$|\bcall me (?:at|on)\s*$", re.IGNORECASE)
"""Nothing but a phone number follows these."""
_CHINESE_MOBILE = re.compile(r"1[3-9]\d{9}")
_AMERICAN_TRUNK = re.compile(r"1[\s.-]\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}")
"""1-503-555-0190, whose digits alone could be a Chinese mobile."""


def find_emails(text: str) -> Iterator[Span]:
    """Lower-cased addresses; "anna at mail dot com" counts too."""
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield Span("email", match[0].lower(), match.start(), match.end())
    if " at " in text or "(at)" in text or "[at]" in text:
        for match in _SPOKEN_EMAIL.finditer(text):
            yield Span("email", _written(match[0]), match.start(), match.end(), 0.8)


def _written(spoken: str) -> str:
    address = re.sub(r"\s+[(\[]?at[)\]]?\s+", "@", spoken.lower())
    return re.sub(r"\s*(?:[(\[]?\bdot\b[)\]]?|\.)\s*", ".", address)


def find_phones(text: str, language: Language) -> Iterator[Span]:
    """Numbers in E.164 (`+8613812345678`), their digits alone where the country cannot be told. Without a `+`, a cue or
    a clear shape a run of digits is no phone."""
    for match in _PHONE.finditer(text):
        written = match[0].removesuffix(match["extension"] or "")
        digits = re.sub(r"\D", "", written)
        if not 7 <= len(digits) <= 15:
            continue
        is_chinese = language == "zh" or _CHINESE_MOBILE.fullmatch(digits)
        region = "CN" if is_chinese and not _AMERICAN_TRUNK.fullmatch(written) else "US"
        cued = _CUE.search(text, max(0, match.start() - 25), match.start()) is not None
        if not (cued or _looks_like_phone(written, digits)):
            continue
        is_labelled = _LABEL.search(text, max(0, match.start() - 12), match.start()) is not None
        if number := _e164(written, region) or (digits if is_labelled else None):
            yield Span("phone", number, match.start(), match.end(), 1.0 if cued else 0.9)


def _looks_like_phone(written: str, digits: str) -> bool:
    grouped = re.fullmatch(r"\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}|0\d{2,3}-\d{7,8}", written.strip()) is not None
    return written.startswith(("+", "00")) or grouped or _CHINESE_MOBILE.fullmatch(digits) is not None


def _e164(written: str, region: str) -> str | None:
    international = "+" + written[2:] if written.startswith("00") else written
    try:
        number = phonenumbers.parse(international, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
