import pytest

from nlu.components.entities.numbers import read_number
from tests.nlu.entities.small_shop import entities, values


@pytest.mark.parametrize(
    ("text", "number"),
    [("2", 2), ("1,200.5", 1200.5), ("twelve", 12), ("两", 2), ("十", 10), ("十五", 15), ("三百", 300), ("三百五", 350),
     ("一千零二十", 1020), ("两万三千", 23000), ("二〇二六", 2026), ("cat", None), ("", None)],
)  # fmt: skip
def test_number_words_are_read(text: str, number: float | None) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("it cost $12.50", "12.50", "USD"),
        ("1,299 dollars", "1299.00", "USD"),
        ("under fifty bucks", "50.00", "USD"),
        ("£20", "20.00", "GBP"),
        ("¥99.9", "99.90", "CNY"),
        ("￥100", "100.00", "CNY"),
        ("退了我100块", "100.00", "CNY"),
        ("一共三百元", "300.00", "CNY"),
        ("两块五", "2.50", "CNY"),
    ],
)
def test_sums_have_amount_and_currency(text: str, amount: str, currency: str) -> None:
    (money,) = entities(text, "money")
    assert (money.value, money.details) == (amount, {"currency": currency})


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("I want two of them", ["2"]),
        ("3 yoga mats", ["3"]),
        ("make it x4", ["4"]),
        ("改成两件", ["2"]),
        ("再加三个杯子", ["3"]),
        ("要12瓶", ["12"]),
        ("5 days ago", []),
        ("第二个", []),
        ("一个都没收到", []),
        ("three weeks late", []),
    ],
)
def test_quantities_count_things(text: str, count: list[str]) -> None:
    assert values(text, "quantity") == count


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("the second one", ["2"]),
        ("last one please", ["-1"]),
        ("number 3", ["3"]),
        ("option two", ["2"]),
        ("1st", ["1"]),
        ("第二个", ["2"]),
        ("最后一个", ["-1"]),
        ("选3", ["3"]),
        ("last week", []),
        ("第二天才到", []),
        ("at first I liked it", []),
    ],
)
def test_ordinals_point_into_a_list(text: str, which: list[str]) -> None:
    assert values(text, "ordinal") == which
