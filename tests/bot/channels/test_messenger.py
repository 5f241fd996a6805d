"""Messenger: what people say and press, what is no message, what is sent, its errors and its check."""

import asyncio
from typing import Any

import httpx
import orjson
import pytest
from pydantic import SecretStr

from bot.channels.messenger import Messenger, MessengerSettings
from bot.messages import Attachment, BotMessage, Button, Card
from bot.messaging.channel import Inbound, Part, Recipient
from bot.messaging.errors import NotNow, Rejected, SendError
from bot.problem import Problem
from tests.contracts.platforms import messenger as platform

SECRET = platform.SECRETS["current"]
MESSENGER = Messenger(
    MessengerSettings(
        app_secret=SecretStr(SECRET),
        verify_token=SecretStr(platform.VERIFY_TOKEN),
        access_token=SecretStr("EAAJB-a-token-of-tests"),
        page_id=platform.PAGE_ID,
    )
)


def delivered(*events: dict[str, Any], page_id: str = platform.PAGE_ID) -> Inbound:
    made = platform.signed(
        platform.body(*({**platform.between("ann"), "timestamp": 1, **event} for event in events), page_id=page_id),
        SECRET,
    )
    return Inbound(headers=dict(made.headers), body=made.body)


def fields(message: BotMessage) -> dict[str, Any]:
    call = MESSENGER.render(Part(message, "k", 7), Recipient("ann"))
    assert call.url == f"https://graph.facebook.com/v25.0/{platform.PAGE_ID}/messages"
    shown: dict[str, Any] = orjson.loads(call.body)
    return shown


def test_only_who_knows_the_verify_token_gets_the_challenge_back() -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": platform.VERIFY_TOKEN, "hub.challenge": "1158201444"}
    answer = MESSENGER.handshake(Inbound("GET", query), 0)
    assert answer and answer.body == b"1158201444"
    with pytest.raises(Problem, match="401"):
        MESSENGER.handshake(Inbound("GET", {**query, "hub.verify_token": "a-verify-tokem"}), 0)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ({"message": {"mid": "m1", "text": "我的订单呢？"}}, "我的订单呢？"),
        ({"message": {"mid": "m1", "text": "Cancel", "quick_reply": {"payload": "cancel order"}}}, "cancel order"),
        ({"postback": {"mid": "m1", "title": "Start", "payload": "hello"}}, "hello"),
        ({"postback": {"mid": "m1", "title": "Get Started", "payload": "GET_STARTED"}}, "Hello"),
    ],
)
def test_what_was_typed_or_pressed_is_what_was_said(event: dict[str, Any], words: str) -> None:
    request = delivered(event)
    MESSENGER.verify(request, 0)
    [said] = MESSENGER.decode(request)
    assert (said.text, said.message_id, said.conversation_id) == (words, "m1", "messenger:ann")


def test_a_button_with_too_many_words_is_known_by_its_number() -> None:
    long, short = fields(BotMessage("Which?", (Button("A", "words " * 200), Button("B", "b"))))["message"][
        "quick_replies"
    ]
    assert (long["payload"], short["payload"]) == ("=7.0", "b")
    [said] = MESSENGER.decode(delivered({"message": {"mid": "m", "text": "A", "quick_reply": {"payload": "=7.0"}}}))
    assert said.metadata["pressed"] == "7.0"
    [typed] = MESSENGER.decode(delivered({"message": {"mid": "m", "text": "=7.0"}}))
    assert "pressed" not in typed.metadata


@pytest.mark.parametrize(
    "event",
    [
        {"message": {"mid": "m", "text": "Your order…", "is_echo": True, "app_id": 1}},
        {"delivery": {"mids": ["m"], "watermark": 1}},
        {"read": {"watermark": 1}},
        {"reaction": {"mid": "m", "emoji": "👍"}},
    ],
)
def test_what_no_customer_says_is_not_answered(event: dict[str, Any]) -> None:
    assert MESSENGER.decode(delivered(event)) == []


def test_another_page_and_what_is_only_overheard_are_not_ours() -> None:
    event = {"message": {"mid": "m", "text": "hi"}}
    assert MESSENGER.decode(delivered(event, page_id="999")) == []
    standby = {"object": "page", "entry": [{"id": platform.PAGE_ID, "standby": [{**event, **platform.between("ann")}]}]}
    assert MESSENGER.decode(Inbound(body=orjson.dumps(standby))) == []


def test_a_delivery_report_is_a_receipt_for_each_message() -> None:
    found = MESSENGER.receipts(
        delivered({"delivery": {"mids": ["m1", "m2"], "watermark": 1}}, {"read": {"watermark": 1}})
    )
    assert [(one.platform_id, one.state) for one in found] == [("m1", "delivered"), ("m2", "delivered")]


def test_a_photo_is_fetched_from_facebook_and_nowhere_else() -> None:
    url = "https://scontent.xx.fbcdn.net/v/t1.jpg?oh=1"
    photo = {"type": "image", "payload": {"url": url}}
    [said] = MESSENGER.decode(delivered({"message": {"mid": "m", "attachments": [photo, {"type": "fallback"}]}}))
    assert said.attachments == (Attachment("image", url),) and said.metadata.get("problem") != "empty"
    picture = httpx.MockTransport(lambda _request: httpx.Response(200, content=b"\xff\xd8"))
    found = asyncio.run(MESSENGER.fetch(httpx.AsyncClient(transport=picture), said.attachments[0]))
    assert found.content == b"\xff\xd8"
    with pytest.raises(Rejected, match="address"):
        asyncio.run(MESSENGER.fetch(httpx.AsyncClient(), Attachment("image", "https://10.0.0.1/latest/meta-data")))


def test_cards_are_a_carousel() -> None:
    card = Card("Kettle", "1.7 l, steel", "https://a.example/k.png", "€39", (Button("Order it", "order the kettle"),))
    [shown] = fields(BotMessage(cards=(card,)))["message"]["attachment"]["payload"]["elements"]
    assert shown == {
        "title": "Kettle",
        "subtitle": "€39 · 1.7 l, steel",
        "image_url": "https://a.example/k.png",
        "buttons": [{"type": "postback", "title": "Order it", "payload": "order the kettle"}],
    }


def test_pictures_and_files_go_by_their_address() -> None:
    paper = Attachment("file", "https://chat.example.com/attachments/1?sig=x", "bill.pdf")
    assert fields(BotMessage(files=(paper,)))["message"]["attachment"]["type"] == "file"
    image = fields(BotMessage(image="https://a.example/x.png"))["message"]["attachment"]
    assert image == {"type": "image", "payload": {"url": "https://a.example/x.png", "is_reusable": False}}


@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        (400, {"code": 10, "error_subcode": 2018278, "message": "outside of allowed window"}, Rejected),
        (400, {"code": 551, "message": "This person isn't available right now."}, Rejected),
        (400, {"code": 613, "message": "Calls to this api have exceeded the rate limit."}, NotNow),
        (400, {"code": 1200, "message": "Temporary send message failure"}, NotNow),
    ],
)
def test_the_code_says_whether_to_come_back(status: int, error: dict[str, Any], expected: type[SendError]) -> None:
    with pytest.raises(expected, match=str(error["message"])[:20]):
        MESSENGER.judge(httpx.Response(status, json={"error": error}))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"data": [{"subscribed_fields": ["messages", "messaging_postbacks", "message_deliveries"]}]}, None),
        ({"data": [{"subscribed_fields": ["messages"]}]}, "messaging_postbacks, message_deliveries"),
        ({"data": []}, "messages"),
        ({"error": {"code": 190, "message": "Invalid OAuth access token"}}, "KEFU_MESSENGER_ACCESS_TOKEN"),
    ],
)
def test_check_says_what_is_wrong(answer: dict[str, Any], said: str | None) -> None:
    graph = httpx.MockTransport(lambda _request: httpx.Response(200, json=answer))
    problems = asyncio.run(MESSENGER.check(httpx.AsyncClient(transport=graph), None))
    assert len(problems) == (1 if said else 0) and (said or "") in "".join(problems)


@pytest.mark.parametrize(
    ("event", "to"),
    [
        ({"message": {"mid": "m", "is_echo": True, "app_id": 263902037430900, "text": "Mei here"}}, "agent"),
        ({"message": {"mid": "m", "is_echo": True, "app_id": 1, "text": "what Kefu said"}}, None),
        ({"message": {"mid": "m", "text": "hi"}}, None),
        ({"take_thread_control": {"previous_owner_app_id": "1"}}, "agent"),
        ({"pass_thread_control": {"new_owner_app_id": "1"}}, "bot"),
    ],
)
def test_who_answers_in_the_pages_inbox_has_taken_over(event: dict[str, Any], to: str | None) -> None:
    parties = {"sender": {"id": platform.PAGE_ID}, "recipient": {"id": "ann"}} if "is_echo" in str(event) else {}
    found = MESSENGER.ownership(delivered({**event, **parties}))
    assert [(one.sender_id, one.to) for one in found] == ([("ann", to)] if to else [])
