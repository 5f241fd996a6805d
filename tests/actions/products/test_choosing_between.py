"""Comparing and recommending."""

import pytest

from actions.products.compare_products import CompareProducts
from actions.products.product_search import ProductSearch
from actions.products.recommend_product import RecommendProduct
from tests.actions.products.stage import Stage, add_product, named


@pytest.mark.parametrize(
    ("language", "text"), [("en", "compare the desk lamp and the electric kettle"), ("zh", "台灯和电热水壶哪个好")]
)
def test_two_products_side_by_side(stage: Stage, language: str, text: str) -> None:
    answer = stage.speak(language).ask(CompareProducts(), text)
    assert [choice["id"] for choice in answer.slots["choices"]] == ["lamp", "kettle"]
    for piece in ("$35.00–$38.00", "$42.00"):
        assert piece in answer.text


def test_what_was_shown_is_compared(stage: Stage) -> None:
    shown = stage.ask(ProductSearch(), "any umbrellas").slots["choices"]
    answer = stage.ask(CompareProducts(), "compare the first and the third")
    assert [choice["id"] for choice in answer.slots["choices"]] == [shown[0]["id"], shown[2]["id"]]


def test_these_are_all_that_were_shown(stage: Stage) -> None:
    stage.ask(CompareProducts(), "x", entities=[named("lamp"), named("kettle")])
    again = stage.ask(CompareProducts(), "which of these two is better?")
    assert [choice["id"] for choice in again.slots["choices"]] == ["lamp", "kettle"]


def test_nothing_to_compare_is_asked_for(stage: Stage) -> None:
    assert stage.ask(CompareProducts(), "compare them").responses == ["utter_ask_what_to_compare"]


@pytest.mark.parametrize(
    ("language", "text", "reason"),
    [("en", "recommend me something", "because you bought"), ("zh", "给我推荐点东西", "您买过")],
)
def test_a_known_customer_hears_why(stage: Stage, language: str, text: str, reason: str) -> None:
    answer = stage.speak(language).identify("ann").ask(RecommendProduct(), text)
    assert answer.slots["product"] == "oolong", "bought together with the kettle by others"
    assert reason in answer.text


def test_what_runs_out_is_offered_again(stage: Stage) -> None:
    answer = stage.identify("wei").ask(RecommendProduct(), "what should I buy?")
    assert "Oolong Tea, $12.00: you have bought it before" in answer.text


def test_strangers_get_what_is_popular(stage: Stage) -> None:
    answer = stage.ask(RecommendProduct(), "what do people buy?")
    assert len(answer.cards) == 3
    assert "popular with our customers" in answer.text


@pytest.mark.parametrize(
    ("language", "text"), [("en", "what goes well with the electric kettle?"), ("zh", "电热水壶搭配什么好")]
)
def test_what_goes_with_a_product(stage: Stage, language: str, text: str) -> None:
    assert stage.speak(language).ask(RecommendProduct(), text).slots["product"] == "oolong"


def test_budget_and_category_are_kept_to(stage: Stage) -> None:
    answer = stage.ask(RecommendProduct(), "recommend something for the kitchen under 45")
    assert [choice["id"] for choice in answer.slots["choices"]] == ["kettle"]
    assert stage.ask(RecommendProduct(), "some electronics under 5 dollars").responses == ["utter_nothing_to_recommend"]


def test_nothing_sold_out_is_recommended(stage: Stage) -> None:
    answer = stage.ask(RecommendProduct(), "recommend some electronics")
    assert [choice["id"] for choice in answer.slots["choices"]] == ["keyboard"]


def test_what_is_named_but_too_dear_gives_way_to_its_category(stage: Stage) -> None:
    add_product(stage.session, "mat", "Camping Mat", "露营垫", "sports", [], {"mat-1": ([], "120.00", 3)})
    add_product(stage.session, "rope", "Jump Rope", "跳绳", "sports", [], {"rope-1": ([], "9.00", 3)})
    answer = stage.ask(RecommendProduct(), "a gift for my dad who loves camping, max 50 dollars")
    assert answer.slots["product"] == "rope"


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "something under 30 as a gift for my nephew who is 6"), ("zh", "适合6岁男孩的生日礼物，预算30以内")],
)
def test_what_is_for_a_child_is_looked_for_among_toys(stage: Stage, language: str, text: str) -> None:
    add_product(stage.session, "blocks", "Building Blocks", "积木", "toys", [], {"blocks-1": ([], "19.00", 3)})
    add_product(stage.session, "train", "Model Train", "火车模型", "toys", [], {"train-1": ([], "99.00", 3)})
    answer = stage.speak(language).ask(RecommendProduct(), text)
    assert [choice["id"] for choice in answer.slots["choices"]] == ["blocks"]


@pytest.mark.parametrize(
    ("language", "text", "admits"),
    [
        ("en", "a birthday present for my girlfriend", "can't tell what they'd like"),
        ("zh", "送女朋友的礼物", "不了解对方"),
    ],
)
def test_a_present_for_an_unknown_taste_says_so(stage: Stage, language: str, text: str, admits: str) -> None:
    answer = stage.speak(language).identify("wei").ask(RecommendProduct(), text)
    assert admits in answer.text
    assert "time for more" not in answer.text
    assert "补一些" not in answer.text
