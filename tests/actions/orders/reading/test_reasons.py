"""Why somebody cancels."""

import pytest

from actions.orders.reading.reasons import read_reason

ALL = ("no_longer_needed", "ordered_by_mistake", "found_cheaper", "too_slow", "change_something", "other")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I don't need it anymore", "no_longer_needed"),
        ("changed my mind", "no_longer_needed"),
        ("no longer needed", "no_longer_needed"),
        ("I ordered it by mistake", "ordered_by_mistake"),
        ("bought the wrong one by accident", "ordered_by_mistake"),
        ("I ordered twice", "ordered_by_mistake"),
        ("found it cheaper", "found_cheaper"),
        ("it takes too long", "too_slow"),
        ("wrong address, I'll order again", "change_something"),
        ("just cancel it", "other"),
        ("不想要了", "no_longer_needed"),
        ("拍错了", "ordered_by_mistake"),
        ("不小心下了两单，重复了", "ordered_by_mistake"),
        ("别家更便宜", "found_cheaper"),
        ("一直不发货，等不了", "too_slow"),
        ("地址写错了", "change_something"),
        ("没什么原因", "other"),
        ("I want to cancel my order", None),
        ("我要取消订单", None),
    ],
)
def test_reads_the_reason(text: str, expected: str | None) -> None:
    assert read_reason(text, ALL) == expected


def test_a_reason_that_the_shop_does_not_accept_is_none() -> None:
    assert read_reason("found it cheaper", ("no_longer_needed", "ordered_by_mistake")) is None
