"""Articles for people: what the customer asked last, and nothing for thanks or "are you there?"."""

import pytest

from bot.handoff.fitting import fitting
from knowledge.articles.article import Language
from knowledge.articles.index import ArticleIndex

INDEX = ArticleIndex.load()
ANSWERED = [
    ("en", "How long does a refund take?", "refunds"),
    ("en", "Can I pay with PayPal?", "payment-methods"),
    ("en", "My parcel arrived broken, what now?", "damaged-parcel"),
    ("en", "Do you ship to Austria?", "international-shipping"),
    ("en", "The invoice has the wrong company name", "invoices-and-tax"),
    ("en", "Still waiting for my money back", "refunds"),
    ("zh", "退款多久到账？", "refunds"),
    ("zh", "可以用支付宝付款吗？", "payment-methods"),
    ("zh", "包裹收到是坏的，怎么办？", "damaged-parcel"),
    ("zh", "你们寄到香港吗？", "international-shipping"),
    ("zh", "发票抬头开错了", "invoices-and-tax"),
    ("zh", "钱还没退给我", "refunds"),
]
SMALL_TALK = [
    ("en", "thank you, finally"),
    ("en", "I want a person"),
    ("en", "hello?"),
    ("en", "this is ridiculous, third time I ask"),
    ("zh", "谢谢，终于有人了"),
    ("zh", "转人工"),
    ("zh", "你好"),
    ("zh", "好的"),
]


@pytest.mark.parametrize(("language", "said", "article"), ANSWERED)
def test_a_request_is_answered(language: Language, said: str, article: str) -> None:
    assert [one.article for one in fitting(INDEX, [said], language)] == [article]


@pytest.mark.parametrize(("language", "said"), SMALL_TALK)
def test_what_asks_for_nothing_has_no_article_and_hides_none(language: Language, said: str) -> None:
    question, article = next((text, slug) for spoken, text, slug in ANSWERED if spoken == language)
    assert fitting(INDEX, [said], language) == []
    assert [one.article for one in fitting(INDEX, [said, question], language)] == [article]


def test_the_latest_request_comes_first_and_each_article_once() -> None:
    said = ["Can I pay with PayPal?", "ok", "How long does a refund take?", "Can I pay with PayPal?"]
    assert [one.article for one in fitting(INDEX, said, "en")] == ["payment-methods", "refunds"]
