"""Feishu and Lark: the known ciphertext, lark-oapi both ways, its kinds of messages, cards, receipts, errors, files."""

from collections.abc import Callable
from typing import Any

import httpx
import lark_oapi
import orjson
import pytest
from lark_oapi.api.im.v1 import CreateMessageRequestBody, P2ImMessageMessageReadV1, P2ImMessageReceiveV1
from lark_oapi.core.model import RawRequest
from lark_oapi.event.callback.model.p2_card_action_trigger import P2CardActionTrigger, P2CardActionTriggerResponse

from bot.channels.feishu import Feishu, FeishuSettings
from bot.messages import Attachment, BotMessage, Button, Card
from bot.messaging.channel import Fetched, Inbound, Part, Receipt, Recipient
from bot.messaging.errors import NotNow, Rejected, Uncertain
from bot.messaging.feishu_crypto import decrypted
from bot.problem import Problem
from tests.bot.channels.platform_calls import answered
from tests.contracts.platform import Delivered
from tests.contracts.platforms.feishu import KEYS, LENT, PLATFORM, TOKEN, encrypted, envelope, of, signed

NOW = 1_700_000_000
API = "http://api.test"
APP = {"app_id": "cli_1", "app_secret": "an-app-secret-of-tests", "verification_token": TOKEN, "api_url": API}


def app(**fields: Any) -> Feishu:
    return Feishu(FeishuSettings.model_validate({**APP, "encrypt_key": KEYS["current"], **fields}))


PLAIN = Feishu(FeishuSettings.model_validate(APP))


def inbound(delivered: Delivered) -> Inbound:
    return Inbound("POST", {}, delivered.headers, delivered.body)


def message(kind: str, content: dict[str, Any], **fields: Any) -> Inbound:
    said = {"message_id": "om_1", "chat_type": "p2p", "message_type": kind, "content": orjson.dumps(content).decode()}
    event = {"sender": of("ann"), "message": {**said, **fields}}
    return inbound(signed(envelope("im.message.receive_v1", "ev1", event), NOW, KEYS["current"]))


def pressed(value: Any) -> dict[str, Any]:
    action = {"tag": "button", "value": value}
    event = {"operator": {"open_id": "ou_ann"}, "action": action, "context": {"open_message_id": "om_1"}}
    return envelope("card.action.trigger", "ev9", event)


def read() -> dict[str, Any]:
    event = {"reader": {"reader_id": {"open_id": "ou_ann"}}, "message_id_list": ["om_1", "om_2"]}
    return envelope("im.message.message_read_v1", "ev8", event)


def test_the_known_ciphertext_is_read() -> None:
    assert decrypted("test key", "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=") == b"hello world"


@pytest.mark.parametrize("ciphertext", ["", "QUJD", "not base64!", "A" * 64])
def test_another_ciphertext_is_not(ciphertext: str) -> None:
    with pytest.raises(ValueError):
        decrypted("test key", ciphertext)


def test_what_feishus_own_sdk_accepts_kefu_accepts_and_refuses_what_it_refuses() -> None:
    heard: list[Any] = []

    def press(one: P2CardActionTrigger) -> P2CardActionTriggerResponse:
        heard.append(one)
        return P2CardActionTriggerResponse()

    builder = lark_oapi.EventDispatcherHandler.builder(KEYS["current"], TOKEN)
    theirs = (
        builder.register_p2_im_message_receive_v1(heard.append)
        .register_p2_im_message_message_read_v1(heard.append)
        .register_p2_card_action_trigger(press)
        .build()
    )
    genuine = PLATFORM.delivery("ann", "你好 👋", 1, NOW)
    payloads = [signed(one, NOW, KEYS["current"]) for one in (pressed({"say": "yes"}), read())]
    wrong = PLATFORM.delivery("ann", "hi", 2, NOW, "wrong")
    for delivered, is_good in [(genuine, True), *((one, True) for one in payloads), (wrong, False)]:
        raw = RawRequest()
        raw.uri, raw.body = "/", delivered.body
        raw.headers = {name.title(): value for name, value in delivered.headers.items()}
        assert (theirs.do(raw).status_code == 200) == is_good == is_accepted(app(), inbound(delivered))
    kinds = [type(one) for one in heard]
    assert kinds == [P2ImMessageReceiveV1, P2CardActionTrigger, P2ImMessageMessageReadV1]
    assert orjson.loads(heard[0].event.message.content) == {"text": "你好 👋"}


def is_accepted(channel: Feishu, request: Inbound) -> bool:
    try:
        channel.verify(request, NOW)
    except Problem:
        return False
    return True


def test_a_message_is_read() -> None:
    request = inbound(PLATFORM.delivery("ann", "你好", 7, NOW))
    app().verify(request, NOW)
    [said] = app().decode(request)
    assert (said.text, said.conversation_id, said.message_id) == ("你好", "feishu:ou_ann", "om_7")
    assert app().answer(request).body == b"{}"


def test_a_signed_delivery_without_the_verification_token_is_refused() -> None:
    payload = envelope("im.message.receive_v1", "ev1", {})
    payload["header"]["token"] = "another"
    assert not is_accepted(app(), inbound(signed(payload, NOW, KEYS["current"])))
    assert is_accepted(app(previous_verification_token="another1"), message("text", {"text": "hi"}))


def test_with_an_encrypt_key_plain_deliveries_are_refused() -> None:
    body = orjson.dumps(envelope("im.message.receive_v1", "ev1", {}))
    assert not is_accepted(app(), Inbound(body=body))
    assert is_accepted(PLAIN, Inbound(body=body))
    assert not is_accepted(PLAIN, Inbound(body=body.replace(TOKEN.encode(), b"x")))
    assert not is_accepted(PLAIN, Inbound(body=b"[]")) and not is_accepted(PLAIN, Inbound(body=b""))


@pytest.mark.parametrize("channel", [app(), PLAIN])
def test_the_challenge_is_answered_only_to_who_knows_the_token(channel: Feishu) -> None:
    def asked(token: str) -> Inbound:
        payload = {"type": "url_verification", "challenge": "ajls384k", "token": token}
        return Inbound(body=orjson.dumps(payload) if channel is PLAIN else encrypted(payload, KEYS["current"]))

    answer = channel.handshake(asked(TOKEN), NOW)
    assert answer and orjson.loads(answer.body) == {"challenge": "ajls384k"}
    with pytest.raises(Problem, match="401"):
        channel.handshake(asked("another"), NOW)
    assert channel.handshake(Inbound(body=b'{"type": "x"}'), NOW) is None if channel is PLAIN else True


@pytest.mark.parametrize("fields", [{"chat_type": "group"}, {"sender": "app"}])
def test_groups_and_other_bots_are_not_answered(fields: dict[str, Any]) -> None:
    request = message("text", {"text": "hi"}, **fields)
    if "sender" in fields:
        event = {"sender": {**of("ann"), "sender_type": "app"}, "message": {"chat_type": "p2p"}}
        request = inbound(signed(envelope("im.message.receive_v1", "e", event), NOW, KEYS["current"]))
    assert app().decode(request) == []


def test_a_mention_is_read_by_its_name() -> None:
    mentions = [{"key": "@_user_1", "id": {"open_id": "ou_2"}, "name": "小明"}]
    [said] = app().decode(message("text", {"text": "ask @_user_1"}, mentions=mentions))
    assert said.text == "ask @小明"


def test_rich_text_is_read_with_its_pictures() -> None:
    line = [
        {"tag": "text", "text": "see "},
        {"tag": "a", "text": "this", "href": "x"},
        {"tag": "img", "image_key": "i1"},
    ]
    [said] = app().decode(message("post", {"title": "Broken", "content": [line, [{"tag": "text", "text": "help"}]]}))
    assert said.text == "Broken\nsee this\nhelp"
    assert said.attachments == (Attachment("image", "om_1/i1"),)


@pytest.mark.parametrize(
    ("kind", "content", "attachment"),
    [
        ("image", {"image_key": "i1"}, Attachment("image", "om_1/i1")),
        ("file", {"file_key": "f1", "file_name": "a.pdf"}, Attachment("file", "om_1/f1", "a.pdf")),
        ("audio", {"file_key": "f1", "duration": 2000}, Attachment("audio", "om_1/f1")),
        ("media", {"file_key": "f1", "image_key": "i", "file_name": "a.mp4"}, Attachment("video", "om_1/f1", "a.mp4")),
    ],
)
def test_attachments_are_named(kind: str, content: dict[str, Any], attachment: Attachment) -> None:
    [said] = app().decode(message(kind, content))
    assert said.attachments == (attachment,)


def test_buttons_are_a_card_and_a_pressed_one_says_its_words() -> None:
    part = Part(BotMessage(text="Sure?", buttons=(Button("Yes", "yes, please " * 40),)), "k", 12)
    fields = orjson.loads(app().render(part, Recipient("ou_ann")).body)
    theirs = CreateMessageRequestBody.builder().receive_id("ou_ann").msg_type("interactive").build()
    assert set(fields) <= set(vars(theirs)) and fields["receive_id"] == theirs.receive_id
    [text, action] = orjson.loads(fields["content"])["elements"]
    assert text["text"] == {"tag": "plain_text", "content": "Sure?"}
    request = inbound(signed(pressed(action["actions"][0]["value"]), NOW, KEYS["current"]))
    [said] = app().decode(request)
    assert (said.text, said.sender_id, said.message_id) == (("yes, please " * 40).strip(), "ou_ann", "ev9")


@pytest.mark.parametrize("value", [None, {}, {"other": "app"}])
def test_a_button_of_another_card_says_nothing(value: Any) -> None:
    assert app().decode(inbound(signed(pressed(value), NOW, KEYS["current"]))) == []


def test_cards_keep_their_own_buttons() -> None:
    cards = (Card("Mug", "red", price="$9", buttons=(Button("Buy", "buy mug"),)), Card("Cup"))
    elements = orjson.loads(
        orjson.loads(app().render(Part(BotMessage(cards=cards), "k", 1), Recipient("x")).body)["content"]
    )
    tags = [one["tag"] for one in elements["elements"]]
    assert tags == ["div", "action", "div"]


def test_what_was_read_is_reported() -> None:
    request = inbound(signed(read(), NOW, KEYS["current"]))
    assert app().receipts(request) == [Receipt("om_1", "read"), Receipt("om_2", "read")]
    assert app().decode(request) == []


def lends(request: httpx.Request, _number: int) -> httpx.Response | None:
    is_asked = request.url.path.endswith("/tenant_access_token/internal")
    return httpx.Response(200, content=LENT) if is_asked else None


def say(message: BotMessage, contents: dict[str, Fetched] | None = None, key: str = "k") -> Callable[..., Any]:
    return lambda http: app().deliver(http, Part(message, key, 1, contents or {}), Recipient("ou_ann"))


SENT = httpx.Response(200, json={"code": 0, "msg": "success", "data": {"message_id": "om_sent"}})


def failure(code: int, status: int = 400, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json={"code": code, "msg": "they say so"}, headers=named)


def test_a_second_try_carries_the_same_uuid_and_a_stale_token_is_replaced() -> None:
    def uuid_of(key: str) -> str:
        platform_id, heard = answered(say(BotMessage(text="hi"), key=key), failure(99991663), SENT, lends=lends)
        assert platform_id == "om_sent" and len(heard) == 4
        return str(orjson.loads(heard[-1].content)["uuid"])

    assert uuid_of("a") == uuid_of("a") != uuid_of("b")


@pytest.mark.parametrize(
    ("told", "error", "seconds"),
    [
        (failure(99991400, 429, x_ogw_ratelimit_reset="7"), NotNow, 7),
        (failure(230020), NotNow, None),
        (httpx.Response(429, headers={"retry-after": "3"}), NotNow, 3),
        (failure(230013), Rejected, None),
        (failure(2200, 500), NotNow, None),
        (httpx.Response(504), Uncertain, None),
        (httpx.Response(200, text="<html>"), Uncertain, None),
    ],
)
def test_what_feishu_says_is_understood(told: httpx.Response, error: type[Exception], seconds: float | None) -> None:
    with pytest.raises(error) as caught:
        answered(say(BotMessage(text="hi")), told, lends=lends)
    assert getattr(caught.value, "retry_after_seconds", None) == seconds


def test_only_the_apps_own_limit_stops_the_whole_channel() -> None:
    for told, is_whole in ((failure(99991400, 429), True), (failure(230020), False)):
        with pytest.raises(NotNow) as caught:
            answered(say(BotMessage(text="hi")), told, lends=lends)
        assert caught.value.whole_channel == is_whole


@pytest.mark.parametrize(
    ("file", "path", "key", "field"),
    [
        (Attachment("image", "s1", "a.png"), "/open-apis/im/v1/images", "image_key", b'name="image_type"'),
        (Attachment("file", "s1", "账单.docx"), "/open-apis/im/v1/files", "file_key", b'name="file_type"\r\n\r\ndoc'),
    ],
)
def test_a_file_is_handed_over_first(file: Attachment, path: str, key: str, field: bytes) -> None:
    uploaded = httpx.Response(200, json={"code": 0, "data": {key: "key-1"}})
    work = say(BotMessage(files=(file,)), {"s1": Fetched(b"bytes", "", file.name)})
    _, heard = answered(work, uploaded, SENT, lends=lends)
    assert heard[1].url.path == path and field in heard[1].content
    assert orjson.loads(orjson.loads(heard[2].content)["content"]) == {key: "key-1"}


def test_a_customers_file_is_fetched_with_the_token_and_by_its_message() -> None:
    work: Callable[..., Any] = lambda http: app().fetch(http, Attachment("file", "om_1/../f?1"))  # noqa: E731
    fetched, heard = answered(work, httpx.Response(200, content=b"%PDF"), lends=lends)
    assert fetched.content == b"%PDF"
    assert heard[1].url.raw_path == b"/open-apis/im/v1/messages/om_1/resources/..%2Ff%3F1?type=file"
    assert heard[1].headers["authorization"] == "Bearer t-lent"


@pytest.mark.parametrize(("status", "problems"), [(2, 0), (1, 1), (None, 1)])
def test_check_asks_whether_the_bot_is_active(status: int | None, problems: int) -> None:
    bot = {"code": 0, "bot": {"activate_status": status}} if status else {"code": 99991672, "msg": "no permission"}
    found, _ = answered(lambda http: app().check(http, None), httpx.Response(200, json=bot), lends=lends)
    assert len(found) == problems
