"""Pointing at what was offered."""

import pytest

from actions.choosing import Choice, choose, positions, read_choices, says_everything

CHOICES = [
    Choice("#K1000001", "order", "#K1000001 · November 3 · Desk Lamp", ("desk lamp", "台灯", "black", "黑色")),
    Choice("#K1000002", "order", "#K1000002 · November 5 · Water Bottle", ("water bottle", "水瓶", "blue", "蓝色")),
    Choice("#K1000003", "order", "#K1000003 · November 9 · T-Shirt", ("t-shirt", "T恤", "red", "红色")),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the second one", [2]), ("second", [2]), ("2", [2]), ("#2", [2]), ("2.", [2]), ("number three", [3]),
        ("option 3", [3]), ("I'll take the first", [1]), ("the last one", [3]), ("last", [3]), ("the former", [1]),
        ("the latter", [3]), ("1 and 3", [1, 3]), ("1, 2", [1, 2]), ("the first two", [1, 2]), ("second to last", [2]),
        ("第二个", [2]), ("第2个", [2]), ("第一笔吧", [1]), ("最后一个", [3]), ("倒数第二个", [2]), ("前两个", [1, 2]),
        ("2号", [2]), ("三", [3]), ("选项1", [1]), ("前者", [1]),
        ("the one with the lamp", [1]), ("the blue one", [2]), ("blue", [2]), ("t shirts", [3]), ("#K1000002", [2]),
        ("the red one please", [3]), ("蓝色的那个", [2]), ("红的", [3]), ("台灯那单", [1]), ("水瓶", [2]),
        ("what is your return policy", []), ("how long does it take", []), ("ok", []), ("谢谢", []), ("11", []),
        ("the purple one", []), ("last week", []),
    ],
)  # fmt: skip
def test_finds_what_is_pointed_at(text: str, expected: list[int]) -> None:
    assert [CHOICES.index(choice) + 1 for choice in choose(text, CHOICES)] == expected


def test_a_description_that_fits_two_points_at_none() -> None:
    lamps = [Choice("a", "line", "Desk Lamp (black)", ()), Choice("b", "line", "Desk Lamp (white)", ())]
    assert choose("the lamp", lamps) == []
    assert choose("the white lamp", lamps) == [lamps[1]]


@pytest.mark.parametrize("text", ["all of them", "both", "everything please", "全部", "两个都要", "整单"])
def test_hears_everything(text: str) -> None:
    assert says_everything(text)


@pytest.mark.parametrize("text", ["the small one", "call me", "都市", "the second"])
def test_does_not_hear_everything_in_parts_of_words(text: str) -> None:
    assert not says_everything(text)


def test_places_beyond_what_was_offered_point_at_nothing() -> None:
    assert positions("the fifth one", 3) == []


def test_choices_survive_the_slot() -> None:
    assert read_choices([choice.to_slot() for choice in CHOICES], "order") == CHOICES
    assert read_choices(None) == []
