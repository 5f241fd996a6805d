"""What a customer says to show who they are."""

import pytest

from actions.identification import proofs
from actions.said import Said
from tests.actions.orders.conftest import TalkFactory


@pytest.mark.parametrize(
    ("text", "name", "postcode"),
    [
        ("I'm Yusuf Rossi, 19122", "Yusuf Rossi", "19122"),
        ("my name is Mei Kovacs and my zip code is 28236", "Mei Kovacs", "28236"),
        ("Yusuf Rossi, zip 19122", "Yusuf Rossi", "19122"),
        ("mei kovacs 28236", "mei kovacs", "28236"),
        ("John O'Neil, M8 1DE", "John O'Neil", "M8 1DE"),
        ("我叫王伟，邮编200000", "王伟", "200000"),
        ("王伟，310081", "王伟", "310081"),
        ("订单K3903818，董伟，310081", "董伟", "310081"),
        ("我是Mei Kovacs，邮编28236", "Mei Kovacs", "28236"),
        ("#W2378156", None, None),
        ("mia.garcia2723@example.com", None, None),
        ("I am not sure", None, None),
        ("no idea, sorry", None, None),
        ("我不知道", None, None),
        ("好的", None, None),
    ],
)
def test_reads_a_name_and_a_postcode_where_they_are_asked_for(
    text: str, name: str | None, postcode: str | None
) -> None:
    said = Said(text)
    assert proofs.person(said, is_asked=True) == name
    assert proofs.postcode(said, is_asked=True) == postcode


@pytest.mark.parametrize("text", ["send it to Fort Worth", "Mechanical Keyboard", "取消订单", "I want 12345 points"])
def test_without_being_asked_only_what_is_introduced_counts(text: str) -> None:
    assert proofs.person(Said(text), is_asked=False) is None
    assert proofs.postcode(Said(text), is_asked=False) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("where is #W2378156", ["#W2378156"]),
        ("order W2378156 please", ["W2378156"]),
        ("order number 1234567", ["1234567"]),
        ("订单号K1674756到哪了", ["K1674756"]),
        ("K1674756的快递", ["K1674756"]),
        ("#W1234567 and #W7654321", ["#W1234567", "#W7654321"]),
        ("mia.garcia2723@example.com", []),
        ("call me at 5551234", []),
        ("item 7706410293", []),
        ("my zip is 19122", []),
    ],
)
def test_reads_order_numbers(text: str, numbers: list[str]) -> None:
    assert Said(text).order_numbers == numbers


@pytest.mark.parametrize(
    "text", ["yes", "Yep!", "sure, go ahead", "ok", "that's right", "好的", "确认", "对", "嗯嗯", "可以"]
)
def test_hears_a_yes(text: str) -> None:
    assert Said(text).is_yes


@pytest.mark.parametrize("text", ["no", "nope", "not yet", "don't", "wait", "不", "先别", "不是", "等等", "算了"])
def test_hears_a_no(text: str) -> None:
    said = Said(text)
    assert said.is_no
    assert not said.is_yes


@pytest.mark.parametrize("text", ["no problem", "不错", "the second one", "now please"])
def test_does_not_mistake_other_words_for_a_no(text: str) -> None:
    assert not Said(text).is_no


@pytest.mark.parametrize(
    "text", ["确认", "谢谢", "好的", "没有", "支付宝", "原来的卡", "知道了", "转人工", "黑色", "周末"]
)
def test_a_short_reply_is_nobodys_name(text: str) -> None:
    assert proofs.person(Said(text, entities=({"entity": "person", "value": text},)), is_asked=True) is None


@pytest.mark.parametrize("text", ["王伟", "李娜", "欧阳修", "谢娜", "刘德华"])
def test_a_chinese_name_is_one(text: str) -> None:
    assert proofs.person(Said(text), is_asked=True) == text


def test_says_where_the_order_number_stands(talk: TalkFactory) -> None:
    ann = talk("zh")
    ann.say("帮我查一下物流", "track_order")
    said = ann.say("没有单号", "out_of_scope")
    assert "确认邮件" in said
    assert "转人工" in said
    assert "#K1000005" in ann.say("找到了，K1000005，ann@example.com", "inform")


def test_correcting_one_half_of_the_proof_is_enough(talk: TalkFactory) -> None:
    ann = talk()
    assert "can't find" in ann.say("track #K1000005, anna@example.com", "track_order")
    assert "#K1000005" in ann.say("sorry, it is ann@example.com")


def test_a_damaged_item_is_met_with_regret(talk: TalkFactory) -> None:
    assert "sorry" in talk().say("my lamp arrived broken", "report_damaged_item")
