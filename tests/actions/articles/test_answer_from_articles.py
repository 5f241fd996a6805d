"""Anything else is answered from the articles with its source, or honestly not at all."""

import pytest

from actions.articles.answer_from_articles import AnswerFromArticles
from tests.actions.products.stage import Stage


@pytest.mark.parametrize(
    ("language", "text", "slug"),
    [
        ("en", "can I take a power bank on a plane?", "batteries-and-flying"),
        ("en", "do you gift wrap?", "gift-wrap"),
        ("zh", "充电宝可以托运吗", "batteries-and-flying"),
        ("zh", "可以开发票吗", "invoices-and-tax"),
    ],
)
def test_the_answer_names_its_source(stage: Stage, language: str, text: str, slug: str) -> None:
    answer = stage.speak(language).ask(AnswerFromArticles(), text)
    assert answer.responses == ["utter_article"]
    assert f"/articles/{slug}" in answer.text


def test_figures_in_an_article_are_the_policys(stage: Stage) -> None:
    text = stage.ask(AnswerFromArticles(), "how many days do I have to return something?").text
    assert "within 30 days" in text
    assert "{" not in text


@pytest.mark.parametrize(
    ("language", "text"), [("en", "who won the world cup?"), ("zh", "世界杯谁赢了"), ("en", "🎉🎉"), ("en", "")]
)
def test_not_knowing_is_admitted(stage: Stage, language: str, text: str) -> None:
    assert stage.speak(language).ask(AnswerFromArticles(), text).responses == ["utter_dont_know"]


@pytest.mark.parametrize(("language", "text"), [("en", "and blue?"), ("zh", "蓝色呢")])
def test_a_bare_option_is_about_the_product_just_talked_about(stage: Stage, language: str, text: str) -> None:
    stage.speak(language).slots["product"] = "lamp"
    assert stage.ask(AnswerFromArticles(), text).responses == ["utter_variant_available"]
