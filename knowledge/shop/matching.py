"""How well a customer's words name a product: 0-100, forgiving misspellings, plurals and words around the name."""

import re
import unicodedata

from rapidfuzz import fuzz

MATCH_MINIMUM = 78.0
"""Below this a name is a guess rather than a misspelling."""

_CHINESE = re.compile(r"[一-鿿]")


def plain(text: str) -> str:
    """Lower-cased words, without punctuation and with the plural s of longer words taken off."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = re.findall(r"[\w']+", folded.replace("-", " "))
    return " ".join(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in words
    )


def name_score(text: str, name: str) -> float:
    """`text` and `name` are `plain`. The name (or its head words) somewhere in the text counts as a match."""
    if not text or not name:
        return 0.0
    if _CHINESE.search(name):
        return _chinese_score(text.replace(" ", ""), name.replace(" ", ""))
    if _CHINESE.search(text):
        text = " ".join(re.findall(r"[a-z0-9]+", text))
    whole = fuzz.ratio(text, name)
    tokens = fuzz.token_sort_ratio(text, name)
    inside = fuzz.partial_ratio(name, text) * 0.95 if len(name) <= len(text) else 0.0
    head = _head_score(text, name)
    return max(whole, tokens, inside, head)


def _head_score(text: str, name: str) -> float:
    """The customer's words are part of the name: "linen shirt" for "Relaxed Linen Shirt"."""
    name_words, text_words = name.split(), text.split()
    if not text_words or len(text_words) > len(name_words):
        return 0.0
    best = [max(fuzz.ratio(word, candidate) for candidate in name_words) for word in text_words]
    if min(best) < 75:
        return 0.0
    tail = fuzz.ratio(text_words[-1], name_words[-1])
    return (sum(best) / len(best)) * (0.97 if tail >= 75 else 0.85)


def _chinese_score(text: str, name: str) -> float:
    if len(text) < 2:
        return 0.0
    if text in name:
        return 97.0 if name.endswith(text) else 85.0
    inside = fuzz.partial_ratio(name, text) * 0.97 if len(name) <= len(text) else 0.0
    return max(fuzz.ratio(text, name), inside)
