"""Which words moved a decision, and which training examples are near, in sentences that a support lead understands."""

from collections.abc import Iterable, Sequence

from nlu.explanation import Explanation, Word
from nlu.nearest import Neighbour

TOLD = 5
"""Words that are named at most, on either side."""
SLIGHT = 0.2
"""Weights below this are not told."""


def evidence(explanation: Explanation, neighbours: Sequence[Neighbour], language: str = "en") -> list[str]:
    """In `language` ("en" or "zh"), whatever the language of the message."""
    is_zh = language == "zh"
    return [*_words(explanation, is_zh), *_neighbours(neighbours, is_zh)]


def _words(explanation: Explanation, is_zh: bool) -> Iterable[str]:
    for_it = _weighty(explanation.words, 1)
    against = _weighty(explanation.words, -1)
    intent = explanation.intent
    if not for_it and not against:
        yield f"没有哪个词单独决定了 {intent}。" if is_zh else f"No single word decided for {intent}."
    if for_it:
        said = _named(for_it, is_zh)
        yield f"支持 {intent} 的词：{said}。" if is_zh else f"Words that spoke for {intent}: {said}."
    if against:
        said = _named(against, is_zh)
        yield f"反对 {intent} 的词：{said}。" if is_zh else f"Words that spoke against it: {said}."


def _weighty(words: Iterable[Word], sign: int) -> list[Word]:
    found = [word for word in words if sign * word.weight >= SLIGHT]
    return sorted(found, key=lambda word: -sign * word.weight)[:TOLD]


def _named(words: Iterable[Word], is_zh: bool) -> str:
    if is_zh:
        return "、".join(f"“{word.text}”（{word.weight:+.1f}）" for word in words)
    return ", ".join(f'"{word.text}" ({word.weight:+.1f})' for word in words)


def _neighbours(neighbours: Sequence[Neighbour], is_zh: bool) -> Iterable[str]:
    if not neighbours:
        return
    if is_zh:
        said = "；".join(f"“{one.text}”（{one.label}，相似度 {one.cosine:.2f}）" for one in neighbours)
        yield f"最接近的训练例句：{said}。"
    else:
        said = "; ".join(f'"{one.text}" ({one.label}, {one.cosine:.2f})' for one in neighbours)
        yield f"Nearest training examples: {said}."
