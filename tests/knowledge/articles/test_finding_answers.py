"""How often the right article answers, and how often a question about something else is refused.

Every second question chose the shares and thresholds in knowledge/articles/index.py; the others are judged here.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import yaml

from knowledge.articles.article import LANGUAGES, Language
from knowledge.articles.index import ArticleIndex, Embed

QUESTIONS: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "questions.yml").read_text(encoding="utf-8")
)
MODELS = Path(__file__).parents[3] / "nlu" / "models"


@dataclass(frozen=True)
class Judged:
    """Shares of the held-out questions, 0-1."""

    right: float
    """Answerable ones answered from the right article."""
    wrong: float
    """Answerable ones answered from another article."""
    refused: float
    """Unanswerable ones that got "I don't know"."""


def judged(index: ArticleIndex, language: Language) -> Judged:
    answerable: Sequence[tuple[str, str]] = QUESTIONS[language]["answerable"][1::2]
    unanswerable: Sequence[str] = QUESTIONS[language]["unanswerable"][1::2]
    found = [(slug, index.answer(text, language)) for slug, text in answerable]
    right = sum(passage is not None and passage.article == slug for slug, passage in found)
    wrong = sum(passage is not None and passage.article != slug for slug, passage in found)
    refused = sum(index.answer(text, language) is None for text in unanswerable)
    return Judged(right / len(found), wrong / len(found), refused / len(unanswerable))


@pytest.fixture(scope="module")
def encoder() -> Embed:
    from nlu.interpreter import Interpreter

    return Interpreter.load(MODELS).embed


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_questions_to_judge_by(language: Language) -> None:
    assert len(QUESTIONS[language]["answerable"]) >= 60
    assert len(QUESTIONS[language]["unanswerable"]) >= 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_question_is_one_that_an_article_lists(language: Language) -> None:
    listed = {question for article in ArticleIndex.load().articles(language) for question in article.questions}
    assert listed & {text for _, text in QUESTIONS[language]["answerable"]} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_alone(language: Language, capsys: pytest.CaptureFixture[str]) -> None:
    result = judged(ArticleIndex.load(), language)
    with capsys.disabled():
        sys.stdout.write(f"\narticles, words alone, {language}: {result}\n")
    assert result.right >= 0.65
    assert result.wrong <= 0.2
    assert result.refused >= 0.75


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_and_meaning(language: Language, encoder: Embed, capsys: pytest.CaptureFixture[str]) -> None:
    result = judged(ArticleIndex.load(embed=encoder), language)
    with capsys.disabled():
        sys.stdout.write(f"\narticles, words and meaning, {language}: {result}\n")
    assert result.right >= 0.75
    assert result.wrong <= 0.15
    assert result.refused >= 0.8


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_listed_question_finds_its_own_article(language: Language) -> None:
    index = ArticleIndex.load()
    missed = [
        question
        for article in index.articles(language)
        for question in article.questions
        if index.search(question, language, 1)[0].article != article.slug
    ]
    assert len(missed) <= 0.05 * sum(len(article.questions) for article in index.articles(language)), missed


@pytest.mark.parametrize(
    ("text", "slug"), [("do you ofer gift wraping", "gift-wrap"), ("how do I use a gift crad", "gift-cards")]
)
def test_misspelt_questions_are_understood(text: str, slug: str) -> None:
    assert ArticleIndex.load().search(text, "en", 1)[0].article == slug


@pytest.mark.parametrize(
    ("text", "section"),
    [("可以自提吗", ""), ("自提的订单能放几天", "保留几天"), ("让别人代取要带证件吗", "让别人代取")],
)
def test_a_general_question_gets_the_opening_and_a_special_one_its_section(
    text: str, section: str, encoder: Embed
) -> None:
    best = ArticleIndex.load(embed=encoder).search(text, "zh", 1)[0]
    assert (best.article, best.section) == ("store-pickup", section)


@pytest.mark.parametrize("text", ["", "   ", "🎉", "?!", "的了吗", "the of and", "order", "\x00\ud800"])
def test_a_text_that_says_nothing_finds_nothing(text: str, encoder: Embed) -> None:
    index = ArticleIndex.load(embed=encoder)
    assert index.answer(text, "en") is None
    assert index.answer(text, "zh") is None


def test_while_the_vectors_are_made_words_must_do(encoder: Embed) -> None:
    """The first customers after a start do not wait for the encoder to read all articles."""
    begun, may_end = Event(), Event()

    def slow(texts: Sequence[str], language: Language) -> Any:
        begun.set()
        may_end.wait(10)
        return encoder(texts, language)

    index = ArticleIndex.load(embed=slow)
    warming = Thread(target=index.warm)
    warming.start()
    begun.wait(10)
    assert index.search("do you gift wrap?", "en") == ArticleIndex.load().search("do you gift wrap?", "en")
    may_end.set()
    warming.join()


def test_a_known_vector_spares_the_encoder(encoder: Embed) -> None:
    calls: list[int] = []

    def counting(texts: Sequence[str], language: Language) -> Any:
        calls.append(len(texts))
        return encoder(texts, language)

    index = ArticleIndex.load(embed=counting)
    index.warm()
    made = len(calls)
    vector = encoder(["can I pay by card"], "en")[0].tolist()
    assert index.search("can I pay by card", "en", embedding=vector) == index.search("can I pay by card", "en")
    assert len(calls) == made + 1


def test_a_shop_without_articles_finds_none() -> None:
    assert ArticleIndex(()).search("where is my parcel", "en", 3) == []
