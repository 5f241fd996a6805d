"""Finds the section of an article that answers a question: shared words and, with an encoder at hand, meaning."""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt

from knowledge.articles.article import CONTENT, LANGUAGES, Article, Language, read_articles
from knowledge.articles.lexical import LexicalIndex, tokens

Vectors = npt.NDArray[np.float32]
Embed = Callable[[Sequence[str], Language], Vectors]
"""Texts of one language → unit rows (n, d)."""

QUESTION_CHARACTERS = 1000
"""Whoever writes more is not asking one question."""
UNIT_SHARE = np.float32(0.6)
"""Of the words' score: how well one section or question matches, against how well its whole article does."""
OPENING_AHEAD = 0.1
"""An article opens with its answer; a later section must fit clearly better to be said in its place."""

# Chosen on half of tests/knowledge/articles/questions.yml; test_finding_answers.py prints and asserts the other half.
LEXICAL_SHARE: dict[Language, float] = {"en": 0.4, "zh": 0.7}
THRESHOLDS: dict[tuple[Language, bool], float] = {
    ("en", False): 0.29,
    ("zh", False): 0.30,
    ("en", True): 0.375,
    ("zh", True): 0.34,
}
"""(language, with an encoder?) → the score under which the honest answer is "I don't know"."""


@dataclass(frozen=True)
class Passage:
    """One section as an answer. `score` is 0-1 and comparable within a language and with or without an encoder."""

    article: str
    title: str
    section: str
    text: str
    score: float

    @property
    def source(self) -> str:
        return f"/articles/{self.article}"


@dataclass(frozen=True)
class _Unit:
    """One searchable text: a section (`section` is its number) or a question people ask (`section` is None)."""

    article: int
    section: int | None
    text: str


class _Shelf:
    """The articles of one language. The vectors are made at the first search that can use them."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.articles = tuple(articles)
        self.units = tuple(unit for number, article in enumerate(articles) for unit in _units(number, article))
        self._by_unit = LexicalIndex([unit.text for unit in self.units])
        self._by_article = LexicalIndex([" ".join(_texts(article)) for article in articles])
        self._article_of = np.array([unit.article for unit in self.units], dtype=np.intp)
        self._vectors: Vectors | None = None
        self._lock = Lock()

    def without_vectors(self) -> "_Shelf":
        other = copy(self)
        other._vectors, other._lock = None, Lock()
        return other

    def scores(
        self, text: str, language: Language, embed: Embed | None, embedding: Vectors | None
    ) -> tuple[Vectors, bool]:
        """Each unit's score, and whether meaning is in it: not without an encoder or while the vectors are made."""
        article_wide: Vectors = self._by_article.scores(text)[self._article_of]
        lexical: Vectors = UNIT_SHARE * self._by_unit.scores(text) + (1 - UNIT_SHARE) * article_wide
        vectors = self.vectors(language, embed, waits=False) if embed is not None else None
        if embed is None or vectors is None:
            return lexical, False
        question = embedding if embedding is not None else embed([text], language)[0]
        share = np.float32(LEXICAL_SHARE[language])
        return share * lexical + (1 - share) * _above_usual(vectors @ question), True

    def vectors(self, language: Language, embed: Embed, *, waits: bool) -> Vectors | None:
        """One row a unit, made once; None if another thread is making them and this one does not wait."""
        if self._vectors is None and self._lock.acquire(blocking=waits):
            try:
                if self._vectors is None:
                    self._vectors = embed([unit.text for unit in self.units], language)
            finally:
                self._lock.release()
        return self._vectors

    def passages(self, scores: Vectors, limit: int) -> list[Passage]:
        """The best section of each of the best articles, best first."""
        best: dict[int, float] = {}
        sections: dict[int, tuple[float, int]] = {}
        for unit, score in zip(self.units, scores.tolist(), strict=True):
            best[unit.article] = max(best.get(unit.article, -1.0), score)
            fit = score + (OPENING_AHEAD if unit.section == 0 else 0.0)
            if unit.section is not None and fit > sections.get(unit.article, (-2.0, 0))[0]:
                sections[unit.article] = (fit, unit.section)
        ranked = sorted(best, key=lambda number: -best[number])[:limit]
        return [self._passage(number, sections[number][1], best[number]) for number in ranked]

    def _passage(self, number: int, section_number: int, score: float) -> Passage:
        article = self.articles[number]
        section = article.sections[section_number]
        return Passage(article.slug, article.title, section.heading, section.text, score)


class ArticleIndex:
    """All articles in both languages. Safe to share between threads."""

    def __init__(self, articles: Sequence[Article], embed: Embed | None = None) -> None:
        self._embed = embed
        self._shelves: dict[Language, _Shelf] = {
            language: _Shelf([article for article in articles if article.language == language])
            for language in LANGUAGES
        }

    @classmethod
    def load(cls, directory: Path = CONTENT, embed: Embed | None = None) -> "ArticleIndex":
        """Read the Markdown files (ArticleError names the file); without `embed` only words count."""
        return cls(read_articles(directory), embed)

    def reading_with(self, embed: Embed) -> "ArticleIndex":
        """The same articles over another encoder; what was made of their words is shared, the vectors are not."""
        other = ArticleIndex((), embed)
        other._shelves = {language: shelf.without_vectors() for language, shelf in self._shelves.items()}
        return other

    def articles(self, language: Language) -> tuple[Article, ...]:
        return self._shelves[language].articles

    def article(self, slug: str, language: Language) -> Article | None:
        return next((article for article in self.articles(language) if article.slug == slug), None)

    def search(
        self, text: str, language: Language, limit: int = 3, embedding: Sequence[float] | None = None
    ) -> list[Passage]:
        """The best section of up to `limit` articles, best first. `embedding`: the text's vector, where it is known."""
        return self._search(text, language, limit, embedding)[0]

    def answer(
        self, text: str, language: Language, embedding: Sequence[float] | None = None, *, margin: float = 0.0
    ) -> Passage | None:
        """The best passage if it is good enough to be said, else None: nobody is helped by a guess.

        `margin` asks for that much more than the measured threshold.
        """
        found, is_with_meaning = self._search(text, language, 1, embedding)
        return found[0] if found and found[0].score >= THRESHOLDS[language, is_with_meaning] + margin else None

    def _search(
        self, text: str, language: Language, limit: int, embedding: Sequence[float] | None
    ) -> tuple[list[Passage], bool]:
        asked = text[:QUESTION_CHARACTERS]
        if not tokens(asked):
            return [], False
        shelf = self._shelves[language]
        vector = np.asarray(embedding, dtype=np.float32) if embedding else None
        scores, is_with_meaning = shelf.scores(asked, language, self._embed, vector)
        return shelf.passages(scores, limit), is_with_meaning

    def warm(self) -> None:
        """Make the vectors now rather than in the first customer's turn."""
        if self._embed is not None:
            for language, shelf in self._shelves.items():
                shelf.vectors(language, self._embed, waits=True)


def _above_usual(similarities: Vectors) -> Vectors:
    """How much nearer than all our texts are on the whole: encoders find any two sentences somewhat alike."""
    usual = similarities.mean()
    return np.asarray((similarities - usual) / (1 - usual), dtype=np.float32)


def _texts(article: Article) -> list[str]:
    """Everything the article says and is asked."""
    sections = [f"{section.heading} {section.text}" for section in article.sections]
    return [article.title, *article.tags, *article.questions, *sections]


def _units(number: int, article: Article) -> list[_Unit]:
    tags = " ".join(article.tags)
    sections = [
        _Unit(number, position, f"{article.title}. {section.heading or tags}. {section.text}")
        for position, section in enumerate(article.sections)
    ]
    return sections + [_Unit(number, None, question) for question in article.questions]
