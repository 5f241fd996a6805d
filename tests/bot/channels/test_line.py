"""LINE: its SDK's known vector, its kinds of events, its quick replies, its retry key."""

import base64
import hashlib
import hmac
from typing import Any

import httpx
import orjson
import pytest
from pydantic import SecretStr

from bot.channels.line import Line, LineSettings
from bot.messages import BotMessage, Button
from bot.messaging.channel import Inbound, Part, Recipient
from bot.messaging.choices import PRESSED
from bot.messaging.errors import NotNow, Rejected
from bot.problem import Problem

LINE = Line(LineSettings(channel_secret=SecretStr("channel_secret"), access_token=SecretStr("an-access-token")))


def inbound(*events: dict[str, Any]) -> Inbound:
    body = orjson.dumps({"destination": "Ubot", "events": events})
    made = base64.b64encode(hmac.new(b"channel_secret", body, hashlib.sha256).digest()).decode()
    return Inbound(headers={"x-line-signature": made}, body=body)


def event(**fields: Any) -> dict[str, Any]:
    said = {"type": "message", "mode": "active", "webhookEventId": "01E", "source": {"type": "user", "userId": "U1"}}
    return {**said, "message": {"type": "text", "id": "1", "text": "你好"}, **fields}


def test_the_known_signature_is_accepted() -> None:
    headers = {"x-line-signature": "/gg9a+LvFevTH1sd7XCQycD7tsWclCsInj7MhBHxN7k="}
    LINE.verify(Inbound(headers=headers, body=b"bodybodybodybody"), 0)
    with pytest.raises(Problem, match="401"):
        LINE.verify(Inbound(headers=headers, body=b"bodybodybodybodY"), 0)


def test_all_events_of_a_delivery_are_read_and_a_redelivered_one_keeps_its_id() -> None:
    again = event(deliveryContext={"isRedelivery": True})
    first, second = LINE.decode(inbound(event(), again))
    assert (first.text, first.conversation_id) == ("你好", "line:U1")
    assert first.message_id == second.message_id == "01E"


@pytest.mark.parametrize(
    "fields",
    [
        {"mode": "standby"},
        {"source": {"type": "group", "groupId": "G1", "userId": "U1"}},
        {"type": "follow"},
        {"type": "unsend"},
    ],
)
def test_what_is_not_said_to_the_bot_alone_is_not_answered(fields: dict[str, Any]) -> None:
    assert LINE.decode(inbound(event(**fields))) == []


def test_the_consoles_verify_button_is_answered() -> None:
    assert LINE.decode(inbound()) == []


def test_quick_replies_say_their_words_and_long_ones_are_named() -> None:
    buttons = (Button("Yes", "Yes, please"), Button("Long", "x" * 301))
    call = LINE.render(Part(BotMessage(text="?", buttons=buttons), "k", 12), Recipient("U1"))
    [first, second] = [one["action"] for one in orjson.loads(call.body)["messages"][0]["quickReply"]["items"]]
    assert first == {"type": "message", "label": "Yes", "text": "Yes, please"}
    assert (second["type"], second["data"]) == ("postback", "12.1")
    [pressed] = LINE.decode(inbound(event(type="postback", postback={"data": "12.1"})))
    assert pressed.metadata[PRESSED] == "12.1"


def test_a_second_try_carries_the_same_key_and_another_part_another() -> None:
    def key(name: str) -> str:
        return LINE.render(Part(BotMessage(text="?"), name, 1), Recipient("U1")).headers["x-line-retry-key"]

    assert key("a") == key("a") != key("b")


def test_what_was_taken_before_counts_as_sent_and_a_used_up_month_as_refused() -> None:
    taken = httpx.Response(409, json={"message": "already accepted", "sentMessages": [{"id": "5"}]})
    LINE.judge(taken)
    assert LINE.sent_id(taken) == "5"
    with pytest.raises(Rejected, match="month"):
        LINE.judge(httpx.Response(429, json={"message": "You have reached your monthly limit."}))
    with pytest.raises(NotNow):
        LINE.judge(httpx.Response(429, json={"message": "The API rate limit has been exceeded."}))
