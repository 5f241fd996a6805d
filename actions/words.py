"""Finding words and phrases in what a customer wrote, in English and Chinese. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

UNITS = {
    "in": "(?:inch(?:es)?|in|英寸|寸)",
    "inch": "(?:inch(?:es)?|in|英寸|寸)",
    "inches": "(?:inch(?:es)?|in|英寸|寸)",
    "ft": "(?:ft|feet|foot|英尺)",
    "l": "(?:l|lit(?:er|re)s?|升)",
    "liter": "(?:l|lit(?:er|re)s?|升)",
    "liters": "(?:l|lit(?:er|re)s?|升)",
    "ml": "(?:ml|millilit(?:er|re)s?|毫升)",
    "lbs": "(?:lbs?|pounds?|磅)",
    "mah": "(?:mah|毫安时?)",
    "cup": "cups?",
    "cups": "cups?",
    "hours": "(?:hours?|hrs?|h|小时)",
    "grey": "gr[ae]y",
    "gray": "gr[ae]y",
    "polarized": "polari[sz]ed",
}
"""How people write a word of an option's value."""

SIZES = {
    "xs": ["extra small", "x-small", "加小"],
    "s": ["small", "小号", "小码"],
    "m": ["medium", "中号", "中码"],
    "l": ["large", "大号", "大码"],
    "xl": ["extra large", "x-large", "加大"],
    "xxl": ["extra extra large", "2xl", "xx-large", "double xl", "加加大"],
}
ALIASES = {
    **SIZES,
    "small": ["小号"],
    "medium": ["中号"],
    "large": ["大号"],
    "google assistant": ["google home", "google"],
    "apple homekit": ["homekit", "apple home", "apple"],
    "amazon alexa": ["alexa", "echo"],
    "ac adapter": ["ac", "plug-in", "mains"],
    "non-polarized": ["unpolarized", "not polarized"],
    "wired": ["with a cable", "corded"],
    "wireless": ["cordless"],
    "full size": ["full-sized", "fullsize"],
    "over-ear": ["over the ear"],
    "on-ear": ["on the ear"],
    "in-ear": ["in the ear"],
}
"""Other names of an option's value, by the value in lower case."""

_PUNCTUATION = str.maketrans("’‘–—", "''--")
CJK = re.compile("[\u3400-\u9fff]")
WORD = re.compile(r"[a-z0-9]+(?:[.'’][a-z0-9]+)*%?|[\u3400-\u9fff]+")


def plain(text: str) -> str:
    """Full-width to half-width, one kind of apostrophe and dash; capitals stay."""
    return unicodedata.normalize("NFKC", text).translate(_PUNCTUATION)


def fold(text: str) -> str:
    """`plain` in lower case, place by place: the form every reader here works on."""
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in plain(text))


def words(text: str) -> list[str]:
    """The words of a text: Latin words and numbers one by one, runs of Chinese as they stand."""
    return WORD.findall(fold(text))


def is_chinese(text: str) -> bool:
    return bool(CJK.search(text))


def says(text: str, phrases: Iterable[str]) -> bool:
    """Whether the text holds one of the phrases as whole words (Chinese ones anywhere)."""
    return any(phrase_pattern(phrase).search(text) for phrase in phrases)


@lru_cache(maxsize=20_000)
def phrase_pattern(phrase: str) -> re.Pattern[str]:
    """Matches the phrase in folded text however its parts are joined: `t-shirt`, `t shirts`, `1000 ml`, `full-size`."""
    folded = fold(phrase)
    if is_chinese(folded):
        return re.compile(re.sub(r"\s+", r"\\s*", _chinese(folded)))
    parts = re.findall(r"\d+(?:\.\d+)?|[a-z]+|[^\sa-z0-9-]", folded)
    if not parts:
        return re.compile(r"(?!)")
    body = r"[\s-]*".join(UNITS.get(part, re.escape(part)) for part in parts)
    is_noun = parts[-1].isalpha() and (len(parts[-1]) > 2 or "-" in folded) and parts[-1] not in UNITS  # "slip-ons"
    plural = "(?:e?s)?" if is_noun else ""
    return re.compile(rf"(?<![a-z0-9'.]){body}{plural}(?![a-z0-9]|[.']\d)")


def _chinese(folded: str) -> str:
    """A colour is also named without its last character: 蓝 for 蓝色."""
    if len(folded) > 1 and folded.endswith("色"):
        return re.escape(folded[:-1]) + "色?"
    return re.escape(folded)


def names_of(value: str) -> list[str]:
    """An option's value and the other names people have for it."""
    return [value, *ALIASES.get(fold(value), ())]
