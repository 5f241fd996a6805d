"""How well a customer's words name a product: 0-100, forgiving misspellings, plurals and words around the name."""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz

MATCH_MINIMUM = 78.0
"""Below this a name is a guess rather than a misspelling."""
SAME_WORD = 80.0
"""How alike two words must be to be one of them misspelt."""
PART_OF_NAME = 84.0
"""The text is some of the name without saying what the thing is: "coffee" of "Coffee Maker"."""

_CHINESE = re.compile(r"[一-鿿]")
_TRAILERS = frozenset({"lite", "pro", "max", "mini", "plus", "gift", "box", "set", "kit", "pair", "pack"})
"""Words at a name's end that do not say what the thing is: in "Tea Set" it is tea, in "Earbuds Pro" earbuds."""
_CHINESE_TRAILERS = re.compile(r"(pro|max|lite|mini|plus|青春版|礼盒|套装)+$")


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """Lower-cased words, without punctuation and with the plural s of longer words taken off."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("-", " ").replace("'s ", "s ")
    return " ".join(_singular(word) for word in re.findall(r"\w+", folded))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def name_score(text: str, name: str) -> float:
    """How well `text` names `name`; both are `plain`. Other words may stand around the name in `text`."""
    if not text or not name:
        return 0.0
    if _CHINESE.search(name):
        return _chinese_score(text.replace(" ", ""), name.replace(" ", ""))
    words = re.findall(r"[a-z0-9]+", text)
    if not words:
        return 0.0
    whole = max(fuzz.ratio(text, name), fuzz.token_sort_ratio(" ".join(words), name))
    return max(whole, _shared_words_score(words, name.split()))


def _shared_words_score(words: list[str], name_words: list[str]) -> float:
    """The text says what the thing is, and perhaps more of its name: the more of it, the better."""
    found = [max(fuzz.ratio(word, name_word) for word in words) for name_word in name_words]
    heads = [position for position, word in enumerate(name_words) if word not in _TRAILERS]
    head = heads[-1] if heads else len(name_words) - 1
    if found[head] < SAME_WORD:
        only_name_words = all(max(fuzz.ratio(word, other) for other in name_words) >= SAME_WORD for word in words)
        return PART_OF_NAME if only_name_words else 0.0
    known = [likeness for likeness in found if likeness >= SAME_WORD]
    return 80.0 * found[head] / 100 + 18.0 * sum(known) / (100 * len(name_words))


def _chinese_score(text: str, name: str) -> float:
    """What the thing is stands at a Chinese name's end: its longest ending that the text holds counts."""
    core = _CHINESE_TRAILERS.sub("", name)
    if name in text:
        return 99.0
    if text in name:
        return 97.0 if core.endswith(text) or name.endswith(text) else PART_OF_NAME
    ending = next((core[start:] for start in range(len(core) - 1) if core[start:] in text), "")
    return max(fuzz.ratio(text, name), SAME_WORD + 18.0 * len(ending) / len(name) if ending else 0.0)
