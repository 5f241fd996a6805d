import pytest

from nlu.components.gazetteer import Gazetteer, OptionName, ProductName
from tests.nlu.entities.small_shop import entities, values


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("do you have the Mechanical Keyboard", ["Mechanical Keyboard"]),
        ("the keyboards broke", ["Mechanical Keyboard"]),
        ("exchange the mechnical keybord", ["Mechanical Keyboard"]),
        ("stainless steel water bottle", ["Stainless Steel Water Bottle"]),
        ("a t-shirt and a yoga mat", ["T-Shirt", "Yoga Mat"]),
        ("机械键盘有货吗", ["机械键盘"]),
        ("键盘坏了", ["机械键盘"]),
        ("我要退机戒键盘", ["机械键盘"]),
        ("T恤和台灯", ["T恤", "台灯"]),
        ("where is my order", []),
    ],
)
def test_products_are_found_whole_partly_and_misspelt(text: str, names: list[str]) -> None:
    assert values(text, "product") == names


def test_a_word_shared_by_two_products_names_both() -> None:
    (camera,) = entities("is the camera in stock", "product")
    assert (camera.value, camera.details) == ("camera", {"product_ids": ["action", "digital"]})


def test_a_misspelt_name_is_less_sure() -> None:
    (exact,), (misspelt,) = entities("keyboard", "product"), entities("keybord", "product")
    assert misspelt.confidence < exact.confidence == 1.0


@pytest.mark.parametrize(
    ("text", "option", "value"),
    [
        ("in blue please", "colour", "blue"),
        ("the clicky one", "switch type", "clicky"),
        ("蓝色的", "colour", "蓝色"),
        ("要蓝的", "colour", "蓝色"),
        ("1000ML", "capacity", "1000ml"),
        ("size 10", "size", "10"),
        ("换42码", "size", "42"),
    ],
)
def test_options_name_their_kind(text: str, option: str, value: str) -> None:
    (found,) = entities(text, "option")
    assert (found.value, found.details) == (value, {"option": option})


def test_a_product_beats_the_option_inside_its_name() -> None:
    assert values("the blue mug", "product") == ["Blue Mug"]
    assert values("the blue mug", "option") == []


def test_a_shop_without_products_has_an_empty_gazetteer() -> None:
    assert Gazetteer().find("the blue keyboard, 蓝色键盘") == []


def test_yes_and_bare_numbers_are_no_options() -> None:
    shop = Gazetteer([ProductName("x", "Card")], [OptionName("waterproof", "yes"), OptionName("size", "10")])
    assert shop.find("yes, 10 of them") == []
