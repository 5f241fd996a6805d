"""Help articles that answer what the customer asked last: for a person, who reads them or sends them on."""

from collections.abc import Sequence

from knowledge.articles.article import Language
from knowledge.articles.index import ArticleIndex, Passage

LATEST = 6
"""Of so many messages, the latest first …"""
REQUESTS = 3
"""… so many are read that may ask for something."""
WORDS = 3
LETTERS = 4
"""Fewer say hello, thanks or yes."""
NOT_FOR_PEOPLE = frozenset({"using-the-assistant"})
"""Articles about the bot: no person says these."""


def fitting(index: ArticleIndex, said: Sequence[str], language: Language) -> list[Passage]:
    """What the bot would have answered to each of the messages (the latest first). None is better than one that does
    not fit: the threshold is the bot's own."""
    asked = [words for words in said[:LATEST] if may_ask(words)][:REQUESTS]
    answers = (index.answer(words, language) for words in asked)
    found: dict[str, Passage] = {}
    for one in answers:
        if one is not None and one.article not in NOT_FOR_PEOPLE:
            found.setdefault(one.article, one)
    return list(found.values())


def may_ask(words: str) -> bool:
    """Whether it is long enough to ask for something."""
    return len(words.split()) >= WORDS or sum(not letter.isascii() and letter.isalnum() for letter in words) >= LETTERS
