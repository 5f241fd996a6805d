"""Stock of just the variant that was asked for, prices, and "it"."""

import pytest

from actions.products.place_order import PlaceOrder
from actions.products.product_availability import ProductAvailability
from actions.products.product_price import ProductPrice
from actions.products.product_search import ProductSearch
from tests.actions.products.stage import Stage, add_product, named


@pytest.mark.parametrize(
    ("language", "text", "response"),
    [
        ("en", "do you have the t-shirt in blue M", "utter_variant_available_few"),
        ("en", "is the t-shirt available in black, size M?", "utter_variant_available"),
        ("en", "t-shirt blue L", "utter_variant_sold_out"),
        ("en", "red t-shirt in L", "utter_variant_unknown"),
        ("en", "which cotton t-shirts are in stock", "utter_available_variants"),
        ("en", "is the wireless mouse in stock", "utter_sold_out"),
        ("zh", "T恤有黑色M码吗", "utter_variant_available"),
        ("zh", "蓝色L码的T恤还有货吗", "utter_variant_sold_out"),
        ("zh", "台灯有货吗", "utter_available_variants"),
        ("zh", "无线鼠标有现货不", "utter_sold_out"),
    ],
)
def test_stock_is_told_for_the_variant_asked_for(stage: Stage, language: str, text: str, response: str) -> None:
    assert stage.speak(language).ask(ProductAvailability(), text).responses == [response]


def test_few_pieces_are_counted(stage: Stage) -> None:
    assert "only 3 left" in stage.ask(ProductAvailability(), "the t-shirt in blue, M").text


def test_a_sold_out_variant_comes_with_the_nearest_that_is_in_stock(stage: Stage) -> None:
    text = stage.ask(ProductAvailability(), "the t-shirt in blue, size L").text
    assert "blue, size M" in text.split("in stock:")[1].splitlines()[1]


def test_more_than_there_are_is_said(stage: Stage) -> None:
    wanted = [named("lamp"), {"entity": "quantity", "value": "30"}]
    answer = stage.ask(ProductAvailability(), "I need 30 desk lamps", entities=wanted)
    assert answer.responses == ["utter_not_so_many"]
    assert "12" in answer.text


@pytest.mark.parametrize(
    ("language", "opening", "price", "stock"),
    [
        ("en", "do you sell desk lamps", "how much is it", "in blue?"),
        ("zh", "有没有台灯", "这个多少钱", "蓝色的有货吗"),
    ],
)
def test_it_is_the_product_talked_about(stage: Stage, language: str, opening: str, price: str, stock: str) -> None:
    stage.speak(language).ask(ProductSearch(), opening)
    assert "$35.00–$38.00" in stage.ask(ProductPrice(), price).text
    blue = stage.ask(ProductAvailability(), stock)
    assert blue.responses == ["utter_variant_available"]
    assert "$38.00" in blue.text


def test_a_new_name_is_not_taken_for_it(stage: Stage) -> None:
    stage.ask(ProductSearch(), "do you sell desk lamps")
    answer = stage.ask(ProductPrice(), "what does a purple unicorn costume cost")
    assert answer.responses == ["utter_ask_which_product"]


def test_the_price_of_one_variant(stage: Stage) -> None:
    assert "Desk Lamp (blue) costs $38.00" in stage.ask(ProductPrice(), "how much is the desk lamp in blue").text


@pytest.mark.parametrize(("language", "text"), [("en", "Do you price match?"), ("zh", "支持价保吗")])
def test_a_question_about_prices_as_such_needs_no_product(stage: Stage, language: str, text: str) -> None:
    assert "/articles/price-match" in stage.speak(language).ask(ProductPrice(), text).text


def test_the_cheapest_of_several_comes_first(stage: Stage) -> None:
    both = [named("keyboard", "mouse", "lamp")]
    answer = stage.ask(ProductPrice(), "which is the cheapest", entities=both)
    assert [choice["id"] for choice in answer.slots["choices"]] == ["lamp", "keyboard"], "the mouse cannot be bought"


@pytest.mark.parametrize(("language", "text"), [("en", "can you give me a discount?"), ("zh", "能便宜点吗")])
def test_bargaining_is_answered_with_todays_coupons(stage: Stage, language: str, text: str) -> None:
    assert "SPRING10" in stage.speak(language).ask(ProductPrice(), text).text


def test_a_secret_coupon_is_never_offered(stage: Stage) -> None:
    assert "VIP20" not in stage.ask(ProductPrice(), "any deals on this?").text


def test_buying_is_explained_with_the_product(stage: Stage) -> None:
    assert stage.ask(PlaceOrder(), "I'll take the desk lamp").responses == ["utter_how_to_order_product"]
    assert stage.ask(PlaceOrder(), "how can I order?").responses == ["utter_how_to_order_product"], "the lamp still"


def test_several_products_tell_their_stock_in_the_options_asked_for(stage: Stage) -> None:
    both = [named("tee", "lamp")]
    text = stage.ask(ProductAvailability(), "do you have them in blue", entities=both).text
    assert "Cotton T-Shirt, $14.00–$15.00: colour: blue; size: M" in text
    assert "Desk Lamp, $35.00–$38.00: colour: blue" in text


def test_options_alone_are_about_it_and_not_about_look_alikes(stage: Stage) -> None:
    stage.ask(ProductSearch(), "do you have a rain jacket?")
    answer = stage.ask(ProductAvailability(), "is it available in black, size M")
    assert answer.slots["product"] == "jacket"


@pytest.mark.parametrize(("text", "colour"), [("is it there in black?", "black"), ("有黑色的吗", "黑色")])
def test_a_colour_that_only_others_have_is_denied(stage: Stage, text: str, colour: str) -> None:
    stage.speak("en" if text.isascii() else "zh").ask(ProductSearch(), "rain jacket 防雨夹克")
    asked = {"entity": "option", "value": colour, "details": {"option": "colour"}}
    assert stage.ask(ProductAvailability(), text, entities=[asked]).responses == ["utter_variant_unknown"]


def test_an_options_word_names_no_product(stage: Stage) -> None:
    stage.slots["product"] = "lamp"
    asked = {"entity": "option", "value": "blue", "text": "Blue", "details": {"option": "colour"}}
    add_product(stage.session, "cheese", "Blue Cheese", "蓝纹奶酪", "food", [], {"cheese-1": ([], "9.00", 3)})
    assert stage.ask(ProductAvailability(), "and Blue?", entities=[asked]).slots["product"] == "lamp"
