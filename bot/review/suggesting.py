"""Topics that no intent covers yet: messages of the review queue that say the same thing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from bot.conversation.review_queue import Waiting
from nlu.clusters import MOST, SMALLEST, find_clusters
from nlu.interpreter import Interpreter
from nlu.telling_words import telling_words
from nlu.types import Language

UNCOVERED = frozenset({"out_of_scope", "fallback", "asked_back"})
_NO_NAME = re.compile(r"\W+")


@dataclass(frozen=True)
class Topic:
    """A suggested intent. `name` is made of the words that tell it from the rest; a person will find a better one."""

    name: str
    language: Language
    messages: tuple[Waiting, ...]
    """The most typical first."""


def suggest(interpreter: Interpreter, waiting: Sequence[Waiting], smallest: int = SMALLEST) -> list[Topic]:
    """Topics among what no intent covers and no agent put right, the largest first, language by language."""
    topics = []
    for language in get_args(Language):
        open_ones = [one for one in waiting if one.language == language and one.reason in UNCOVERED and not one.intent]
        topics += _topics(interpreter, open_ones[-MOST:], language, smallest)
    return topics


def _topics(interpreter: Interpreter, messages: Sequence[Waiting], language: Language, smallest: int) -> list[Topic]:
    vectors = interpreter.embed([one.text for one in messages], language)
    topics: list[Topic] = []
    for rows in find_clusters(vectors, smallest):
        middle = vectors[rows].mean(axis=0)
        typical = sorted(rows, key=lambda row: -float(vectors[row] @ middle))
        inside = [messages[row] for row in typical]
        others = [one.text for at, one in enumerate(messages) if at not in set(rows)]
        words = telling_words([one.text for one in inside], others)
        topics.append(Topic(_name(words, {topic.name for topic in topics}), language, tuple(inside)))
    return topics


def _name(words: Sequence[str], taken: set[str]) -> str:
    base = "new_" + (_NO_NAME.sub("_", "_".join(words)).strip("_") or "topic")
    free = [base, *(f"{base}_{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in free if name not in taken)
