"""WeChat Official Accounts: both modes, its kinds of messages, its menu, its errors, files both ways."""

import asyncio
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import httpx
import orjson
import pytest
from pydantic import SecretStr, ValidationError
from wechatpy import parse_message

from bot.channels.wechat import Wechat, WechatSettings
from bot.messages import Attachment, BotMessage, Button
from bot.messaging.channel import Fetched, Inbound, Part, Recipient
from bot.messaging.choices import PRESSED
from bot.messaging.errors import NotNow, Rejected, SendError, Uncertain
from bot.problem import Problem
from tests.bot.channels.platform_calls import answered
from tests.contracts.platform import Delivered
from tests.contracts.platforms.wechat import APP_ID, KEYS, PLATFORM, SECRETS, TOKENS, sealed, signed, xml

NOW = 1_700_000_000
API = "http://api.test"


def account(**fields: Any) -> Wechat:
    given = {"app_id": APP_ID, "app_secret": "an-app-secret-of-tests", "token": TOKENS["current"], "api_url": API}
    return Wechat(WechatSettings.model_validate({**given, **fields}))


SAFE = account(**SECRETS)
PLAIN = account()


def inbound(delivered: Delivered) -> Inbound:
    return Inbound(delivered.method, delivered.query, delivered.headers, delivered.body)


def plain(body: str, secret: str = "current", at: int = NOW) -> Inbound:
    query = {"signature": signed(secret, str(at), "n"), "timestamp": str(at), "nonce": "n"}
    return Inbound("POST", query, {"content-type": "text/xml"}, body.encode())


def message(**fields: str) -> Inbound:
    return plain(xml("oAnn", NOW, **fields))


def test_an_encrypted_message_is_read() -> None:
    request = inbound(PLATFORM.delivery("Ann", "你好 <b>&amp; ]]>", 1, NOW))
    SAFE.verify(request, NOW)
    [said] = SAFE.decode(request)
    assert (said.text, said.conversation_id, said.message_id) == ("你好 <b>&amp; ]]>", "wechat:oAnn", "9001")
    assert SAFE.answer(request).body == b"success"


def test_with_a_key_what_is_not_encrypted_for_this_account_is_refused() -> None:
    said = xml("oAnn", NOW, MsgType="text", Content="hi", MsgId="1")
    for request in (plain(said), inbound(sealed(said, NOW, "current", "wx-another")), plain("<xml>"), plain("")):
        with pytest.raises(Problem, match="401"):
            SAFE.verify(request, NOW)


def test_a_plain_message_is_read_as_wechatpy_reads_it() -> None:
    request = message(MsgType="text", Content="你好", MsgId="64")
    PLAIN.verify(request, NOW)
    [said] = PLAIN.decode(request)
    theirs = parse_message(request.body)
    assert (said.text, said.sender_id, said.message_id) == (theirs.content, theirs.source, str(theirs.id))


@pytest.mark.parametrize(("secret", "now"), [("wrong", NOW), ("previous", NOW), ("current", NOW + 301)])
def test_a_plain_delivery_of_another_token_or_time_is_refused(secret: str, now: int) -> None:
    with pytest.raises(Problem, match="401"):
        PLAIN.verify(plain(xml("oAnn", NOW, MsgType="text", Content="hi"), secret), now)


def test_the_consoles_check_is_answered_and_a_strangers_is_not() -> None:
    query = {"signature": signed("current", str(NOW), "n"), "timestamp": str(NOW), "nonce": "n", "echostr": "12345"}
    answer = SAFE.handshake(Inbound("GET", query), NOW)
    assert answer and answer.body == b"12345"
    with pytest.raises(Problem, match="401"):
        SAFE.handshake(Inbound("GET", {**query, "nonce": "m"}), NOW)
    with pytest.raises(Problem, match="401"):
        SAFE.verify(Inbound("GET", query), NOW)


def test_an_external_entity_is_not_followed() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><MsgType>text</MsgType></xml>'
    with pytest.raises(ValueError, match="DTD"):
        PLAIN.decode(plain(bomb))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"MsgType": "location", "Location_X": "23.1", "Location_Y": "113.3", "Label": "广州"}, "广州 (23.1, 113.3)"),
        ({"MsgType": "link", "Title": "A page", "Url": "https://a.example"}, "A page https://a.example"),
        ({"MsgType": "event", "Event": "CLICK", "EventKey": "my orders"}, "my orders"),
    ],
)
def test_other_kinds_have_words_too(fields: dict[str, str], words: str) -> None:
    [said] = PLAIN.decode(message(**fields))
    assert said.text == words


@pytest.mark.parametrize("event", ["subscribe", "unsubscribe", "LOCATION", "SCAN", "VIEW"])
def test_what_nobody_said_is_not_answered(event: str) -> None:
    assert PLAIN.decode(message(MsgType="event", Event=event, EventKey="x")) == []


def test_a_repeated_event_keeps_its_name_and_another_has_another() -> None:
    def name(at: int, key: str) -> str:
        return PLAIN.decode(plain(xml("oAnn", at, MsgType="event", Event="CLICK", EventKey=key)))[0].message_id

    assert name(NOW, "orders") == name(NOW, "orders") != name(NOW + 1, "orders")


@pytest.mark.parametrize(("kind", "ours"), [("image", "image"), ("voice", "audio"), ("shortvideo", "video")])
def test_attachments_are_named(kind: str, ours: str) -> None:
    [said] = PLAIN.decode(message(MsgType=kind, MediaId="media-1", MsgId="5"))
    assert said.attachments == (Attachment(ours, "media-1"),)  # type: ignore[arg-type]


def test_a_menus_answer_names_the_button() -> None:
    buttons = (Button("是", "yes, please"), Button("否", "no"))
    call = PLAIN.render(Part(BotMessage(text="确定吗？", buttons=buttons), "k", 12), Recipient("oAnn"))
    menu = orjson.loads(call.body)["msgmenu"]
    assert [(one["id"], one["content"]) for one in menu["list"]] == [("12.0", "是"), ("12.1", "否")]
    [pressed] = PLAIN.decode(message(MsgType="text", Content="否", MsgId="6", bizmsgmenuid="12.1"))
    assert (pressed.metadata[PRESSED], pressed.text) == ("12.1", "否")
    [other] = PLAIN.decode(message(MsgType="text", Content="x", MsgId="7", bizmsgmenuid="of another system"))
    assert PRESSED not in other.metadata


def test_chinese_goes_out_as_it_is() -> None:
    call = PLAIN.render(Part(BotMessage(text="你好"), "k", 1), Recipient("oAnn"))
    assert "你好".encode() in call.body and b"access_token" not in call.url.encode()


def lends(request: httpx.Request, number: int) -> httpx.Response | None:
    is_asked = request.url.path == "/cgi-bin/stable_token"
    return httpx.Response(200, json={"access_token": f"t{number}", "expires_in": 7200}) if is_asked else None


def code(number: int) -> httpx.Response:
    return httpx.Response(200, json={"errcode": number, "errmsg": "they say so"})


def say(channel: Wechat, message: BotMessage, contents: dict[str, Fetched] | None = None) -> Callable[..., Any]:
    return lambda http: channel.deliver(http, Part(message, "k", 1, contents or {}), Recipient("oAnn"))


def test_a_token_that_somebody_else_renewed_is_asked_for_again() -> None:
    _, heard = answered(say(account(), BotMessage(text="hi")), code(40001), code(0), lends=lends)
    assert [one.url.params.get("access_token") for one in heard] == [None, "t1", None, "t3"]


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (code(45015), Rejected, "window closed"),
        (code(45047), Rejected, "too many messages"),
        (code(45009), NotNow, "errcode 45009"),
        (code(-1), NotNow, "errcode -1"),
        (code(40003), Rejected, "they say so"),
        (httpx.Response(200, text="<html>"), Uncertain, "no JSON"),
        (httpx.Response(502), Uncertain, "HTTP 502"),
        (httpx.Response(403), Rejected, "HTTP 403"),
    ],
)
def test_what_wechat_says_is_understood(answer: httpx.Response, error: type[SendError], words: str) -> None:
    with pytest.raises(error, match=words):
        answered(say(account(), BotMessage(text="hi")), answer, lends=lends)


def test_a_wrong_secret_is_told_and_nothing_is_tried_again() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"errcode": 40125, "errmsg": "bad secret"}))

    async def run() -> list[str]:
        async with httpx.AsyncClient(transport=transport) as http:
            with pytest.raises(Rejected, match="40125"):
                await account().deliver(http, Part(BotMessage(text="hi"), "k", 1), Recipient("oAnn"))
            return await account().check(http, None)

    [told] = asyncio.run(run())
    assert "40125" in told and "an-app-secret" not in told


@pytest.mark.parametrize(("number", "told"), [(40003, 0), (0, 0), (48001, 1), (40164, 1)])
def test_check_asks_whether_the_account_may_send(number: int, told: int) -> None:
    problems, _ = answered(lambda http: account().check(http, None), code(number), lends=lends)
    assert len(problems) == told


def test_a_picture_of_an_agent_is_handed_over_and_one_with_an_address_is_an_article() -> None:
    picture = BotMessage(files=(Attachment("image", "stored-1", "a.png", "image/png"),))
    contents = {"stored-1": Fetched(b"\x89PNG bytes", "image/png", "a.png")}
    uploaded = httpx.Response(200, json={"media_id": "media-9"})
    _, heard = answered(say(account(), picture, contents), uploaded, code(0), lends=lends)
    assert heard[1].url.path == "/cgi-bin/media/upload" and heard[1].url.params["type"] == "image"
    assert b'name="media"; filename="a.png"' in heard[1].content and b"\x89PNG bytes" in heard[1].content
    assert orjson.loads(heard[2].content) == {"touser": "oAnn", "msgtype": "image", "image": {"media_id": "media-9"}}
    _, heard = answered(say(account(), BotMessage(image="https://shop.example/a.jpg")), code(0), lends=lends)
    [article] = orjson.loads(heard[1].content)["news"]["articles"]
    assert article["picurl"] == article["url"] == "https://shop.example/a.jpg"


def test_an_upload_that_breaks_off_is_tried_again_because_nothing_was_shown() -> None:
    picture = BotMessage(files=(Attachment("image", "stored-1", "a.png"),))
    with pytest.raises(NotNow):
        answered(say(account(), picture, {"stored-1": Fetched(b"x")}), httpx.Response(504), lends=lends)


def fetch(media_id: str) -> Callable[..., Any]:
    return lambda http: account().fetch(http, Attachment("image", media_id))


def test_a_customers_picture_is_fetched() -> None:
    picture = httpx.Response(200, content=b"\xff\xd8 jpeg", headers={"content-type": "image/jpeg"})
    fetched, heard = answered(fetch("media/1&x"), picture, lends=lends)
    assert (fetched.content, fetched.media_type) == (b"\xff\xd8 jpeg", "image/jpeg")
    assert heard[1].url.params["media_id"] == "media/1&x"


def test_a_video_is_fetched_from_where_wechat_says_it_lies() -> None:
    where = httpx.Response(200, json={"video_url": "http://vweixinp.tc.qq.com/1007_x.f10.mp4?vkey=1"})
    fetched, heard = answered(fetch("media-1"), where, httpx.Response(200, content=b"mp4"), lends=lends)
    assert fetched.content == b"mp4" and str(heard[2].url).startswith("https://vweixinp.tc.qq.com/")


def test_a_picture_that_is_gone_or_a_video_elsewhere_is_not_fetched() -> None:
    with pytest.raises(Rejected, match="40007"):
        answered(fetch("media-1"), code(40007), lends=lends)
    with pytest.raises(Rejected, match="not one of the platform's"):
        answered(
            fetch("media-1"), httpx.Response(200, json={"video_url": "http://169.254.169.254/latest"}), lends=lends
        )


def test_a_key_that_is_none_stops_the_start() -> None:
    with pytest.raises(ValidationError, match="43"):
        account(encoding_aes_key=KEYS["current"][:-1])
    assert SecretStr(KEYS["current"]) == account(encoding_aes_key=KEYS["current"]).settings.encoding_aes_key


@pytest.mark.parametrize(("token", "is_taken"), [("kf7", True), ("", False), ("kf", False)])
def test_a_token_as_short_as_wechat_allows_it_is_taken_and_none_is_not(token: str, is_taken: bool) -> None:
    fields = {"app_id": "wx1", "app_secret": "s" * 32, "token": token}
    with nullcontext() if is_taken else pytest.raises(ValidationError):
        WechatSettings.model_validate(fields)


def test_the_clock_is_the_servers() -> None:
    SAFE.verify(inbound(PLATFORM.delivery("Ann", "hi", 1, time.time())), time.time())
