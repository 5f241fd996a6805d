import pytest

from nlu.components.normalizer import fold, for_model


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ｗ２３７８１５６", "W2378156"),
        ("訂單到哪裡了", "订单到哪里了"),
        ("我要退貨，謝謝！", "我要退货,谢谢!"),
        ("it’s – fine", "it's - fine"),
        ("a\x00b\ud800c", "a b c"),
    ],
)
def test_folding_narrows_simplifies_and_cleans(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("text", ["", "ﷺ ﬁ ½ ㍿", "👩‍👩‍👧 ok", "\u200bzero\ufeff", "e\u0301", "訂單" * 50, "𝔘𝔫𝔦"])
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_model_reads_one_spelling_for_every_number_address_and_link() -> None:
    first = for_model("where is #K4821907? a@b.com www.x.com/1")
    second = for_model("where is W-2378156? some.one@mail.org https://y.org/z")
    assert first == second


def test_model_reads_a_shout_and_a_sigh_alike() -> None:
    assert for_model("nooooooooo") == for_model("nooooo")


def test_a_megabyte_is_cut_before_the_model() -> None:
    assert len(for_model("word " * 200_000)) <= 600
