import pytest

from nlu.components.segments import Clause, clauses, several_requests
from nlu.types import IntentGuess

TALK = frozenset({"greet", "inform", "thank"})


def texts(text: str) -> list[str]:
    return [text[part.start : part.end] for part in clauses(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("cancel #W1234567 and where is #W7654321?", ["cancel #W1234567", "where is #W7654321?"]),
        ("cancel my order. also send me the invoice", ["cancel my order", "send me the invoice"]),
        ("where is my order", ["where is my order"]),
        ("我要退货,另外发票怎么开", ["我要退货", "发票怎么开"]),
        ("订单到哪了。顺便改下地址", ["订单到哪了", "改下地址"]),
        ("hi, ok", []),
        ("it cost 12.50 at a.b.com", ["it cost 12.50 at a.b.com"]),
        ("return the kettle plus my refund is missing", ["return the kettle", "my refund is missing"]),
        ("delete my data, but before that send the bill", ["delete my data", "send the bill"]),
        ("我要退货然后再买一件大的", ["我要退货", "买一件大的"]),
        ("卡刷不了,还有别的付款方式吗", ["卡刷不了", "还有别的付款方式吗"]),
        ("1) the receipt please, 2) how do I pay", ["the receipt please", "how do I pay"]),
        ("track my parcel + send the bill", ["track my parcel", "send the bill"]),
        ("第一,包裹到哪了;第二,邮箱怎么改", ["包裹到哪了", "邮箱怎么改"]),
        ("1、开发票,2、查快递", ["开发票", "查快递"]),
        ("it weighs 1.5 kilos", ["it weighs 1.5 kilos"]),
    ],
)
def test_a_text_is_cut_where_a_new_request_may_begin(text: str, parts: list[str]) -> None:
    assert texts(text) == parts


def test_a_long_story_is_not_cut_at_all() -> None:
    assert clauses("and then this happened, " * 10) == []


def requests(text: str, *guesses: tuple[str, float], whole: tuple[str, float] = ("track_order", 0.5)) -> list[str]:
    parts = clauses(text)
    found = several_requests(text, parts, [IntentGuess(*g) for g in guesses], IntentGuess(*whole), TALK, 0.9)
    return [text[segment.start : segment.end] for segment in found]


def test_two_sure_and_different_requests_are_two() -> None:
    found = requests("cancel #W1 now and where is #W2", ("cancel_order", 0.97), ("track_order", 0.98))
    assert found == ["cancel #W1 now", "where is #W2"]


def test_a_detail_stays_with_the_request_before_it() -> None:
    found = requests(
        "I'm John, zip 12345. cancel my order, because I moved. also send the invoice",
        ("inform", 0.9), ("inform", 0.9), ("cancel_order", 0.99), ("inform", 0.95), ("request_invoice", 0.99),
    )  # fmt: skip
    assert found == ["I'm John, zip 12345. cancel my order, because I moved", "send the invoice"]


def test_an_unsure_clause_is_no_request() -> None:
    assert requests("cancel it now and send me stuff", ("cancel_order", 0.97), ("request_invoice", 0.6)) == []


def test_the_same_request_twice_is_one_unless_it_names_two_orders() -> None:
    same = (("cancel_order", 0.97), ("cancel_order", 0.97))
    assert requests("please cancel that. cancel it now", *same) == []
    assert len(requests("cancel order #W1234567. cancel order #W7654321", *same)) == 2


def test_a_whole_that_reads_clearly_as_one_request_is_one() -> None:
    guesses = (("report_damaged_item", 0.97), ("return_item", 0.97))
    assert requests("the mug came broken, I want to return it", *guesses, whole=("return_item", 0.97)) == []
    assert (
        len(requests("the mug came broken. also, I want to return the lamp", *guesses, whole=("return_item", 0.97)))
        == 2
    )


def test_clauses_remember_how_they_were_announced() -> None:
    first, second = clauses("cancel my order, also where is the other one")
    assert (first.explicit, second.explicit) == (False, True)
    assert isinstance(first, Clause)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("鞋子退掉,外套换个中码", "return_item", "exchange_item"),
        ("书桌那单取消,取消要手续费吗", "cancel_order", "cancellation_fee"),
        ("which kettle is better and what does it cost", "compare_products", "product_price"),
        ("one parcel is missing and another came broken", "report_missing_parcel", "report_damaged_item"),
    ],
)
def test_two_that_both_ask_are_two_although_the_whole_reads_as_one(text: str, first: str, second: str) -> None:
    assert len(requests(text, (first, 0.97), (second, 0.97), whole=(first, 0.99))) == 2


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("不是少件,是给我发错件了吗", "report_missing_parcel", "report_wrong_item"),
        ("如果退了,那张券还能用吗", "refund_policy", "coupon_question"),
        ("怎么还不发货,不发就给我取消", "report_late_parcel", "cancel_order"),
        ("it's not late, I want to know why it says delivered", "report_late_parcel", "report_missing_parcel"),
        ("could you check W1234567 and let me know where it is", "order_details", "track_order"),
    ],
)
def test_a_reason_a_condition_or_a_denial_is_no_request_beside_the_other(text: str, first: str, second: str) -> None:
    assert requests(text, (first, 0.97), (second, 0.97)) == []


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("is it in stock, if so I'd like two", "product_availability", "place_order"),
        ("what does cancelling cost, if it's free cancel it please", "cancellation_fee", "cancel_order"),
        ("if it's sold out just cancel it, how long is the warranty", "cancel_order", "warranty"),
        ("if it hasn't left use my new address, otherwise cancel it", "change_delivery_address", "cancel_order"),
        ("要是没发就改到公司,不行的话取消", "change_delivery_address", "cancel_order"),
        ("取消要钱吗,不扣的话就取消吧", "cancellation_fee", "cancel_order"),
    ],
)
def test_a_wish_under_a_condition_is_a_request(text: str, first: str, second: str) -> None:
    assert len(requests(text, (first, 0.97), (second, 0.97))) == 2


def test_two_statements_are_two_requests_only_beyond_doubt() -> None:
    text, whole = "the cup is broken, the towel is missing", ("report_damaged_item", 0.97)
    for sure, count in ((0.99, 2), (0.95, 0)):
        guesses = (("report_damaged_item", sure), ("report_missing_parcel", sure))
        assert len(requests(text, *guesses, whole=whole)) == count


def test_a_story_and_the_wish_that_ends_it_are_one_however_sure_both_are() -> None:
    guesses = (("report_damaged_item", 0.99), ("return_item", 0.99))
    assert requests("毯子掉毛,K6081004想退了", *guesses, whole=("return_item", 0.99)) == []


def test_what_is_announced_needs_less_certainty() -> None:
    guesses = (("cancel_order", 0.7), ("request_invoice", 0.7))
    assert len(requests("cancel that one. also send me the bill", *guesses)) == 2
    assert requests("cancel that one. send me the bill", *guesses) == []


def test_a_story_its_wish_and_another_request_are_two() -> None:
    guesses = (("report_damaged_item", 0.97), ("exchange_item", 0.97), ("request_invoice", 0.97))
    found = requests("the cup broke, send me a new one, also the bill please", *guesses, whole=("exchange_item", 0.97))
    assert found == ["the cup broke, send me a new one", "the bill please"]
