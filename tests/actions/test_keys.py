"""A message makes one idempotency key, and no other message makes the same."""

from rasa_sdk import Tracker

from actions.orders.cancel_order import CancelOrder
from knowledge.shop.schema import IdempotencyRow


def key(sender: str, message_id: str, part: str = "") -> str:
    tracker = Tracker(sender, {}, {"text": "yes", "message_id": message_id}, [], False, None, {}, None)
    return CancelOrder().key(tracker, part)


def test_the_same_message_makes_the_same_key() -> None:
    assert key("rest:a", "m1", "#K1") == key("rest:a", "m1", "#K1")


def test_ids_that_run_into_each_other_make_different_keys() -> None:
    assert len({key("rest:a", "b:c"), key("rest:a:b", "c"), key("rest:a", "b", "c"), key("rest:a", "b:c", "")}) == 3


def test_the_longest_ids_fit_the_column() -> None:
    width = IdempotencyRow.__table__.c.key.type.length  # type: ignore[attr-defined]
    assert len(key("s" * 400, "m" * 255, "#K1000001")) <= width
