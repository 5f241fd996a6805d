"""Searching and describing, in both languages, with and without what the understanding layer recognised."""

import pytest

from actions.articles.answer_from_articles import AnswerFromArticles
from actions.base import KefuAction
from actions.choosing import Choice
from actions.products.product_details import ProductDetails
from actions.products.product_search import ProductSearch
from actions.products.show_choice import ShowChoice
from tests.actions.products.stage import Stage, named


@pytest.mark.parametrize(
    ("language", "text", "product_id"),
    [
        ("en", "do you sell desk lamps?", "lamp"),
        ("en", "I'm looking for an eletric ketle", "kettle"),
        ("en", "show me t-shirts in black", "tee"),
        ("en", "any oolong", "oolong"),
        ("en", "have you got 护眼台灯", "lamp"),
        ("zh", "有没有台灯", "lamp"),
        ("zh", "想买个电热水壶", "kettle"),
        ("zh", "你家卖键盘吗", "keyboard"),
        ("zh", "有 desk lamp 吗", "lamp"),
        ("zh", "抹茶", "matcha"),
    ],
)
def test_a_product_is_found_by_its_name_in_either_language(
    stage: Stage, language: str, text: str, product_id: str
) -> None:
    answer = stage.speak(language).ask(ProductSearch(), text)
    assert answer.slots["product"] == product_id
    assert answer.cards[0]["title"] in answer.text


def test_the_recognised_entity_wins_over_words(stage: Stage) -> None:
    assert stage.ask(ProductSearch(), "that cotton thing", entities=[named("tee")]).slots["product"] == "tee"


@pytest.mark.parametrize(("language", "text"), [("en", "show me clothes under 50"), ("zh", "50块以内的衣服")])
def test_a_category_within_a_budget(stage: Stage, language: str, text: str) -> None:
    answer = stage.speak(language).ask(ProductSearch(), text)
    assert answer.responses == ["utter_products_in_category"]
    assert [choice["id"] for choice in answer.slots["choices"]] == ["tee"], "the jacket costs 89"


def test_what_is_too_dear_is_shown_as_such(stage: Stage) -> None:
    answer = stage.ask(ProductSearch(), "a rain jacket for less than 40 dollars")
    assert answer.responses == ["utter_products_over_budget"]
    assert "$40.00" in answer.text
    assert "$89.00" in answer.text


@pytest.mark.parametrize(("language", "text"), [("en", "do you have a wireless mouse"), ("zh", "有无线鼠标吗")])
def test_what_is_sold_out_is_not_denied(stage: Stage, language: str, text: str) -> None:
    assert stage.speak(language).ask(ProductSearch(), text).responses == ["utter_products_sold_out"]


@pytest.mark.parametrize(("language", "text"), [("en", "any umbrellas"), ("zh", "你们卖雨伞吗")])
def test_what_the_shop_does_not_have_is_admitted(stage: Stage, language: str, text: str) -> None:
    assert stage.speak(language).ask(ProductSearch(), text).responses == ["utter_no_product_found_but"]


def test_similar_means_the_same_category_but_not_the_same_product(stage: Stage) -> None:
    stage.ask(ProductSearch(), "do you have a wireless mouse")
    assert stage.ask(ProductSearch(), "something similar?").slots["product"] == "keyboard"


def test_similar_keeps_to_the_budget(stage: Stage) -> None:
    stage.ask(ProductSearch(), "do you have a wireless mouse")
    assert stage.ask(ProductSearch(), "something similar under $5?").slots.get("product") != "keyboard"


@pytest.mark.parametrize(("language", "text"), [("en", "is there something cheaper?"), ("zh", "有便宜点的吗")])
def test_cheaper_is_about_the_product_talked_about_and_says_when_there_is_nothing(
    stage: Stage, language: str, text: str
) -> None:
    stage.speak(language).ask(ProductSearch(), "mechanical keyboard" if language == "en" else "机械键盘")
    cheaper = stage.ask(ProductSearch(), text)
    assert (cheaper.responses, "$99" in cheaper.text) == (["utter_nothing_cheaper"], True)  # the mouse is sold out
    stage.ask(ProductSearch(), "oolong tea" if language == "en" else "抹茶粉")
    assert "utter_no_product_found_but" not in stage.ask(ProductSearch(), text).responses


def test_details_tell_options_price_and_warranty(stage: Stage) -> None:
    answer = stage.ask(ProductDetails(), "tell me more about the desk lamp")
    for piece in ("Desk Lamp", "black, blue", "$35.00–$38.00", "36 months"):
        assert piece in answer.text


def test_details_without_a_product_ask_which(stage: Stage) -> None:
    assert stage.ask(ProductDetails(), "tell me more about it").responses == ["utter_ask_which_product"]


def test_a_general_question_about_products_is_answered_from_the_articles(stage: Stage) -> None:
    answer = stage.ask(ProductDetails(), "are your products genuine or fake?")
    assert "/articles/authenticity" in answer.text


@pytest.mark.parametrize(
    ("language", "opening", "pick"), [("en", "any umbrellas", "the second one"), ("zh", "有雨伞吗", "第二个")]
)
def test_a_product_is_picked_from_what_was_shown(stage: Stage, language: str, opening: str, pick: str) -> None:
    second = stage.speak(language).ask(ProductSearch(), opening).slots["choices"][1]
    assert stage.ask(ShowChoice(), pick).slots["product"] == second["id"]


def test_what_was_shown_can_be_pointed_at_again_after_looking_at_one(stage: Stage) -> None:
    shown = stage.ask(ProductSearch(), "any umbrellas").slots["choices"]
    stage.ask(ShowChoice(), "the second one")
    assert stage.ask(ShowChoice(), "and the last one?").slots["product"] == shown[-1]["id"]


@pytest.mark.parametrize(("language", "text"), [("en", "what was in the second one?"), ("zh", "第二个里面都有啥")])
def test_a_question_that_points_into_a_list_of_orders_opens_the_order(stage: Stage, language: str, text: str) -> None:
    stage.slots["choices"] = [Choice(number, "order", "Desk Lamp").to_slot() for number in ("#K1", "#K2")]
    answer = stage.speak(language).ask(ProductDetails(), text)
    assert answer.slots == {"order_number": "#K2"}
    assert answer.events[-1]["name"] == "order_details_form"


@pytest.mark.parametrize("action", [ProductDetails(), ProductSearch(), AnswerFromArticles()])
@pytest.mark.parametrize(
    ("language", "text"), [("en", "what colours are there"), ("en", "any other colours?"), ("zh", "有别的颜色吗")]
)
def test_a_question_for_colours_is_about_the_product_talked_about(
    stage: Stage, action: KefuAction, language: str, text: str
) -> None:
    stage.ask(ProductDetails(), "tell me more about the desk lamp")
    answer = stage.speak(language).ask(action, text)
    assert answer.responses == ["utter_product_details"]
    assert answer.slots["product"] == "lamp"


def test_similar_to_nothing_asks_to_what(stage: Stage) -> None:
    assert stage.ask(ProductSearch(), "show me more like that").responses == ["utter_ask_which_product"]
