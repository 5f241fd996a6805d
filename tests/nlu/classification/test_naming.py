"""Label names as examples."""

import pytest

from nlu.classification.naming import in_words, with_names
from nlu.classification.texts import LabelledTexts


def of(*labels: str) -> LabelledTexts:
    return LabelledTexts(tuple(f"text {n}" for n in range(len(labels))), labels, labels)


@pytest.mark.parametrize("name", ["card_arrival", "CardArrival", "card-arrival", "card arrival"])
def test_a_name_is_read_as_words(name: str) -> None:
    assert in_words(name) == "card arrival"


def test_few_examples_are_joined_by_the_names_that_say_something() -> None:
    taught = with_names(of("card_arrival", "1", "oos", "取消订单"), "en")
    assert taught.texts[4:] == ("card arrival",)
    assert taught.labels[4:] == ("card_arrival",)
    assert with_names(of("card_arrival", "取消订单"), "zh").texts[2:] == ("取消订单",)


def test_with_many_examples_names_say_nothing_new() -> None:
    many = of(*["card_arrival", "card_lost"] * 30)
    assert with_names(many, "en") == many
