"""The rewritings that the robustness test makes, and that they are none that training knows."""

from pathlib import Path
from typing import Any

import pytest
import yaml

import nlu
from nlu.components.normalizer import fold
from nlu.variants import VARIANTS, code_switched, full_width, keyboard_slips, missing_spaces, pinyin_slips, traditional

FOLDER = Path(nlu.__file__).parent


def lists(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((FOLDER / name).read_text("utf-8")))


@pytest.mark.parametrize(
    ("rewrite", "text"),
    [
        (keyboard_slips, "where is my parcel, it should have been here on Monday"),
        (missing_spaces, "where is my parcel, it should have been here"),
        (full_width, "order W7730021!"),
        (code_switched, "my parcel is late"),
        (pinyin_slips, "我的快递什么时候到"),
        (traditional, "我的订单什么时候发货"),
        (code_switched, "我的快递什么时候到"),
    ],
)
def test_a_rewriting_changes_the_text_and_always_alike(rewrite: Any, text: str) -> None:
    assert rewrite(text) != text
    assert rewrite(text) == rewrite(text)


def test_a_slip_leaves_numbers_and_addresses_alone() -> None:
    assert keyboard_slips("W7730021 a@b.cn") == "W7730021 a@b.cn"


def test_width_and_script_fold_back_to_the_same_text() -> None:
    text = "帮我查一下订单W7730021到哪了?"
    assert fold(full_width(text)) == fold(text)
    assert fold(traditional(text)) == fold(text)


def test_every_language_has_slips_width_and_mixed_words() -> None:
    assert {name for variants in VARIANTS.values() for name in variants} == {
        "keyboard slips",
        "missing spaces",
        "pinyin slips",
        "traditional",
        "full width",
        "code-switched",
    }


def test_no_slip_is_one_that_training_makes() -> None:
    trained = {tuple(pair) for pair in lists("augmentation.yml")["slips_zh"]}
    for right, written in lists("variants.yml")["sounds"].items():
        assert len(right) == len(written)
        assert not {pair for pair in zip(right, written, strict=True) if pair[0] != pair[1]} & trained, (right, written)


def test_no_word_is_switched_as_training_switches_it() -> None:
    trained, tested = lists("augmentation.yml"), lists("variants.yml")
    assert not trained["switches"].items() & tested["into_english"].items()
    assert not trained["mixes"].items() & tested["into_chinese"].items()
