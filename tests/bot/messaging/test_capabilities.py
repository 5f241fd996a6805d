import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.messaging.capabilities import Unit, size, split

FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇨🇭"


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [("abc", "bytes", 3), ("订单", "bytes", 6), ("订单", "characters", 2), ("😀", "utf16", 2), ("😀", "bytes", 4)],
)
def test_a_text_is_measured_in_the_platforms_unit(text: str, unit: Unit, expected: int) -> None:
    assert size(text, unit) == expected


def test_what_fits_is_left_as_it_is() -> None:
    assert split("Your order is on its way.", 25, "characters") == ["Your order is on its way."]
    assert split("", 10, "characters") == []


def test_a_text_is_cut_between_sentences_or_words_if_it_can() -> None:
    text = "Your order has left. It arrives on Monday or on Tuesday."
    assert split(text, 30, "characters") == ["Your order has left.", "It arrives on Monday or on", "Tuesday."]
    assert split("您的订单已经发出了。预计周一或者周二送到您手里。", 15, "characters") == [
        "您的订单已经发出了。",
        "预计周一或者周二送到您手里。",
    ]


@pytest.mark.parametrize("sign", [FAMILY, FLAG, "é", "한", "👍🏽"])
@pytest.mark.parametrize("unit", ["characters", "utf16", "bytes"])
def test_no_grapheme_is_torn_apart(sign: str, unit: Unit) -> None:
    sign = unicodedata.normalize("NFD", sign)
    pieces = split("x" + sign * 20, size(sign, unit) * 2 + 1, unit)
    assert "".join(pieces) == "x" + sign * 20
    assert all(set(regex.findall(r"\X", piece)) <= {sign, "x"} for piece in pieces)


@given(st.text(alphabet=st.sampled_from("ab .\n。，订" + FAMILY + FLAG + "é\u0301"), max_size=200), st.integers(8, 40))
def test_nothing_but_white_space_is_lost_and_nothing_is_too_long(text: str, limit: int) -> None:
    for unit in ("characters", "utf16", "bytes"):
        pieces = split(text, limit, unit)
        assert all(0 < size(piece, unit) <= limit for piece in pieces)
        assert "".join("".join(pieces).split()) == "".join(text.split())
