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


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("where is #K4821907? a@b.com www.x.com/1", "where is # ? @ link"),
        ("where is W-2378156? some.one@mail.org https://y.org/z", "where is # ? @ link"),
        ("call +86 138 1234 5678 or 020 7946 0958", "call # or #"),
        ("我是王小明,邮编100080,手机13812345678", "我是王小明,邮编 # ,手机 #"),
        ("帮我查K1234567,邮箱a@b.cn", "帮我查 # ,邮箱 @"),
        ("2 of them for $1299 by 2026-11-20", "2 of them for $1299 by 2026-11-20"),
    ],
)
def test_model_reads_one_sign_for_every_identifier(text: str, read: str) -> None:
    assert for_model(text) == read


def test_model_reads_a_shout_and_a_sigh_alike() -> None:
    assert for_model("nooooooooo") == for_model("nooooo")


def test_a_megabyte_is_cut_before_the_model() -> None:
    assert len(for_model("word " * 200_000)) <= 600


def test_numbers_of_other_shops_tell_the_model_nothing_but_their_kind() -> None:
    numbers = ("#W2378156", "INV/2026/0077", "AB-12-99X", "ORD_77A", "113-1234567-1234567", "TB2026111800012")
    assert {for_model(f"where is {number}") for number in numbers} == {"where is #"}
    assert for_model("a WH-1000XM5, 24/7/365") == "a WH-1000XM5, 24/7/365"
