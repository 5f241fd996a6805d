"""What counts as a yes: a write may hang on it."""

import pytest

from actions import consent
from actions.said import Said
from actions.words import fold

AGREE = """
yes; Yes; yes please; yep; ok; Okay.; sure, go ahead; ok yes; yes, swap it; yes, cancel it; that's right; go ahead;
do it; sounds good; yes, that's correct, thanks; perfect, thank you; yes, I don't need it any more; sure why not;
yes, can you do that please?; yes, no problem; y; yes!!; alright; great, do it; please
是的; 对; 对的; 好; 好的; 好吧; 好的，谢谢; 嗯; 嗯嗯; 嗯，转给同事看看;
行; 可以; 可以的; 没问题; 确认; 确认取消; 好，就这样;
好的，麻烦您了; 发一份吧; 退吧; 办吧; 好的，帮我取消吧; 要; 需要; 对，就这个; 好嘞; 没错，就是这个地址; 好那就取消;
对，不想要了; 好的没问题; 转给同事吧; 那就这样吧; ok，办吧
"""
DO_NOT_AGREE = """
no; nope; no thanks; okay, never mind; Okay, never mind.; ok forget it; fine, leave it; yes… no, wait; ok wait;
okay but not that one; ok, how much is the refund?; yes but use my visa; ok let me think about it; sure, later;
yes, actually no; ok stop; I don't want that; okay, I'd rather not; ok?; is that right?; right?; yes if it is free
算了; 好的，算了; ok 算了; 不用了; 先别; 先不; 好，我想想; 好的我再看看; 嗯我考虑一下; 等等; 好的，等一下;
可以吗; 行吗; 是吗？;
对了，K6081003到哪了; 好像不对; 好贵; 行李箱; 中号; 是不是要手续费; 可以便宜点吗; 对不起;
好的，不取消了; 算了吧; 明天吧; 不要;
好，不过地址要改; 再说吧; 还是不退了吧; 换成蓝色的吧; 没有
"""
DROP = """
never mind; okay, never mind; forget it; fine, leave it; ok 算了; 不用了; 不退了; 不取消了; 先不用; 还是不换了; 算了吧;
I changed my mind; 我改主意了; 改变主意了
"""


def _each(listed: str) -> list[str]:
    return [text.strip() for text in listed.replace("\n", " ").split(";") if text.strip()]


@pytest.mark.parametrize("text", _each(AGREE))
def test_agrees(text: str) -> None:
    assert consent.is_yes(fold(text))


@pytest.mark.parametrize("text", _each(DO_NOT_AGREE))
def test_does_not_agree(text: str) -> None:
    assert not consent.is_yes(fold(text))


@pytest.mark.parametrize(
    "text", ["okay, never mind", "ok, how much is it?", "sure, but later", "好的，算了", "好，我想想"]
)
def test_what_takes_a_yes_back_is_heard_even_if_the_nlu_is_sure(text: str) -> None:
    assert not Said(text, "affirm", 0.99).is_yes


@pytest.mark.parametrize("text", _each(DROP))
def test_drops_the_matter(text: str) -> None:
    assert consent.drops(fold(text))


@pytest.mark.parametrize(
    "text", ["leave it at the door", "yes, I don't need it anymore", "不想要了", "不要黑色的", "没问题"]
)
def test_does_not_drop_it(text: str) -> None:
    assert not consent.drops(fold(text))


@pytest.mark.parametrize("text", ["能帮我催一下吗", "可以帮我登记一下吗"])
def test_asking_for_what_was_offered_agrees_to_it(text: str) -> None:
    assert consent.is_yes(fold(text))
