import pytest

from nlu.components.spelling import Speller, trade_words
from nlu.interpreter import Interpreter

SPELLER = Speller(
    {"the", "label", "basil", "mend", "cat"},
    ("order", "parcel", "the", "invoice", "you", "accept", "page", "newsletter"),
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("the oredr", "the order"),
        ("Parcwl?", "parcel?"),
        ("invocie pls", "invoice pls"),
        ("youaccept", "you accept"),
        ("newslettetr", "newsletter"),
        ("newzletterr", "newsletter"),
        ("psge?", "page?"),
    ],
)
def test_slips_are_put_right(typed: str, meant: str) -> None:
    assert SPELLER.put_right(typed).lower() == meant.lower()


@pytest.mark.parametrize(
    "text",
    [
        "label",  # a word that the encoder knows
        "mending cats",  # and its forms
        "for Ordar",  # a name
        "KX7730021 oredr@mail.cn #oredr www.oredr.com",
        "teh odr",  # too short to tell
        "xylophone",
        "",
    ],
)
def test_what_may_be_meant_stays(text: str) -> None:
    assert SPELLER.put_right(text) == text


def test_the_words_of_the_trade_are_words() -> None:
    words = trade_words()
    assert len(words) == len(set(words)) > 1000
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words)
    assert not {"adress", "recieved", "ordr", "cancelation"} & set(words)


@pytest.mark.parametrize(
    ("text", "intent"), [("wgere is my psrcel", "track_order"), ("i want to cancle myorder", "cancel_order")]
)
def test_a_message_full_of_slips_is_understood(interpreter: Interpreter, text: str, intent: str) -> None:
    assert interpreter.parse(text).intent.name == intent
    assert interpreter.parse(text).text == text
