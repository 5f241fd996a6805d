import random

import pytest

from nlu.augmentation import augment, gibberish, mix_into_chinese, with_details
from nlu.types import Language


@pytest.mark.parametrize(
    ("text", "language"), [("please cancel order #W1234567", "en"), ("麻烦取消订单K4821907", "zh")]
)
def test_rewriting_is_repeatable_and_varied(text: str, language: Language) -> None:
    first = [augment(text, language, random.Random(seed)) for seed in range(50)]
    again = [augment(text, language, random.Random(seed)) for seed in range(50)]
    assert first == again
    assert len(set(first)) > 40
    assert all(rewritten.strip() for rewritten in first)


@pytest.mark.parametrize("text", ["a", "?", "退", "ok", "1", "……"])
def test_the_shortest_texts_survive(text: str) -> None:
    for seed in range(100):
        for language in ("en", "zh"):
            assert augment(text, "en" if language == "en" else "zh", random.Random(seed))


@pytest.mark.parametrize(("text", "language"), [("cancel it", "en"), ("取消", "zh")])
def test_details_stand_beside_the_request(text: str, language: Language) -> None:
    written = {with_details(text, language, random.Random(seed)) for seed in range(50)}
    assert len(written) > 8
    assert all(text in one and len(one) > len(text) for one in written)


def test_english_is_mixed_the_way_chinese_speakers_do() -> None:
    mixed = {mix_into_chinese("please track my order", random.Random(seed)) for seed in range(20)}
    assert any("订单" in text for text in mixed)
    assert mix_into_chinese("banana", random.Random(1)) == "banana"


def test_gibberish_is_in_the_script_asked_for() -> None:
    assert gibberish("en", random.Random(1)).replace(" ", "").isascii()
    assert not gibberish("zh", random.Random(1)).replace(" ", "").isascii()
