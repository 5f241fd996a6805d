import pytest

from nlu.components.homophones import Homophones, trade_homophones
from nlu.interpreter import Interpreter


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("能用手机号注侧吗", "能用手机号注册吗"),
        ("住测账号", "注册账号"),
        ("转人公", "转人工"),
        ("茶叶不好喝可以退吗", "茶叶不好喝可以退吗"),
        ("榴莲有吗", "榴莲有吗"),
        ("hello 你", "hello 你"),
        ("", ""),
    ],
)
def test_pairs_that_the_trade_does_not_know_become_those_that_sound_the_same(typed: str, meant: str) -> None:
    assert trade_homophones().put_right(typed) == meant


def test_a_character_that_makes_sense_with_its_other_neighbour_stays() -> None:
    homophones = Homophones(["票漂", "发", "亮"], ["发票", "漂亮", "发发"])
    assert homophones.put_right("发漂") == "发票"
    assert homophones.put_right("发漂亮") == "发漂亮"


def test_a_wish_is_understood_although_every_telling_word_is_misspelt() -> None:
    assert Interpreter.load().parse("我要住测一个帐呺").intent.name == "create_account"
