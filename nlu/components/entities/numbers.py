"""Number words, English and Chinese, as far as shop talk needs them."""

import re

from nlu.components.wordlist import wordlist

_SMALL = wordlist(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen
    """
)
_TENS = {name: 10 * n for n, name in enumerate(wordlist("twenty thirty forty fifty sixty seventy eighty ninety"), 2)}
ENGLISH = {
    **{word: number for number, word in enumerate(_SMALL)},
    **_TENS,
    **{f"{ten}{gap}{_SMALL[unit]}": _TENS[ten] + unit for ten in _TENS for unit in range(1, 10) for gap in "- "},
    "a couple of": 2,
    "a couple": 2,
    "a pair of": 2,
    "a dozen": 12,
    "hundred": 100,
    "a hundred": 100,
    "one hundred": 100,
    "two hundred": 200,
    "a thousand": 1000,
}
_OTHERS = sorted((word for word in ENGLISH if word != "zero" and word.split("-")[0].split()[0] not in _TENS), key=len)
ENGLISH_PATTERN = "|".join(
    [rf"(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_SMALL[1:10])})\b)?", *map(re.escape, reversed(_OTHERS))]
)
"""Every key of `ENGLISH` but zero, those first that others begin with."""
CHINESE_PATTERN = "[零〇一二两俩三四五六七八九十百千万]{1,9}"
_DIGITS = {character: number for number, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def read_number(text: str) -> float | None:
    """ "2", "2.5", "1,200", "two", "三百五", "两" → the number; None for anything else."""
    plain = text.strip().lower().replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", plain, re.ASCII):
        return float(plain)
    if plain in ENGLISH:
        return float(ENGLISH[plain])
    return _read_chinese(plain)


def _read_chinese(text: str) -> float | None:
    if not re.fullmatch(CHINESE_PATTERN, text):
        return None
    if "万" in text:
        high, _, low = text.partition("万")
        thousands, rest = _read_chinese(high), _read_chinese(low) if low else 0.0
        return None if thousands is None or rest is None else thousands * 10_000 + rest
    if not any(character in _UNITS for character in text):
        return float("".join(str(_DIGITS[character]) for character in text))
    total, digit, last_unit = 0, 0, 10
    for character in text:
        if character in _UNITS:
            last_unit = _UNITS[character]
            total += (digit or 1) * last_unit
            digit = 0
        else:
            digit = _DIGITS[character]
    spoken_short = digit and last_unit > 10 and text[-2] in _UNITS
    return float(total + (digit * last_unit // 10 if spoken_short else digit))


def plain(number: float) -> str:
    """ "2" for 2.0, "2.5" for 2.5."""
    return str(int(number)) if number == int(number) else f"{number:.2f}".rstrip("0")
