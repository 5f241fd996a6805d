import pytest

from nlu.components.language import detect, evident_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where is my order", "en"),
        ("我的订单", "zh"),
        ("我的 order 到哪了", "zh"),
        ("帮我 track 一下 parcel", "zh"),
        ("where is my 包裹", "en"),
        ("iPhone 15 Pro Max 有货吗", "zh"),
        ("#W2378156", None),
        ("anna@mail.com", None),
        ("ok", None),
        ("XL", None),
        ("😡😡", None),
        ("13812345678", None),
        ("it's W2378156", "en"),
    ],
)
def test_script_tells_the_language_or_nothing_does(text: str, language: str | None) -> None:
    assert evident_language(text) == language


def test_a_chinese_product_name_does_not_make_an_english_question_chinese() -> None:
    assert detect("do you sell 保温杯?", [(12, 15)]) == "en"


def test_a_bare_product_name_is_in_its_own_language() -> None:
    assert detect("保温杯", [(0, 3)]) == "zh"


def test_the_conversation_decides_for_a_number() -> None:
    assert detect("#W2378156", [], "zh") == "zh"
    assert detect("#W2378156", []) == "en"
