"""DingTalk: its signature of the time, its events, whom it answers where, its cards, its errors, its files."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import httpx
import orjson
import pytest
from dingtalk_stream import ChatbotMessage
from wechatpy.crypto import PrpCrypto
from wechatpy.utils import WeChatSigner

from bot.channels.dingtalk import SAY, WEBHOOK, Dingtalk, DingtalkSettings, signature
from bot.messages import Attachment, BotMessage, Button, Card
from bot.messaging.channel import Fetched, Inbound, Part, Recipient
from bot.messaging.errors import NotNow, Rejected, Uncertain
from bot.messaging.fitting import fit
from bot.messaging.wechat_crypto import key_of
from bot.problem import Problem
from tests.bot.channels.platform_calls import answered
from tests.contracts.platforms.dingtalk import PLATFORM, SECRETS, signed, whose

NOW = 1_700_000_000
API, OAPI = "http://api.test", "http://oapi.test"
EVENT_TOKEN, EVENT_KEY = "an-event-token", "4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij"
HOOK = "https://oapi.dingtalk.com/robot/sendBySession?session=abc"


def robot(**fields: Any) -> Dingtalk:
    given = {"app_key": "dingkey", "robot_code": "dingkey", "app_secret": SECRETS["current"], "api_url": API}
    events = {"event_token": EVENT_TOKEN, "event_aes_key": EVENT_KEY, "oapi_url": OAPI}
    return Dingtalk(DingtalkSettings.model_validate({**given, **events, **fields}))


def inbound(payload: dict[str, Any], at: float = NOW, secret: str = "current") -> Inbound:
    delivered = signed({"msgId": "m1", **whose("ann"), **payload}, at, SECRETS[secret])
    return Inbound("POST", {}, delivered.headers, delivered.body)


def text(words: str, **fields: Any) -> Inbound:
    return inbound({"msgtype": "text", "text": {"content": words}, **fields})


def test_the_known_signature_is_made() -> None:
    assert signature("this is secret", "1577262236757") == "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="


def test_a_message_is_read_as_dingtalks_own_sdk_reads_it() -> None:
    request = text("  你好 👋  ")
    robot().verify(request, NOW)
    [said] = robot().decode(request)
    theirs = ChatbotMessage.from_dict(orjson.loads(request.body))
    assert theirs.get_text_list() == ["  你好 👋  "]
    assert (said.text, said.sender_id, said.message_id) == ("你好 👋", theirs.sender_staff_id, theirs.message_id)
    assert WEBHOOK not in said.metadata


@pytest.mark.parametrize("way", [-1, 1])
def test_a_signed_time_is_good_for_five_minutes_and_not_for_an_hour(way: int) -> None:
    request = text("hi")
    robot().verify(request, NOW + 299 * way)
    with pytest.raises(Problem, match="401"):
        robot().verify(request, NOW + 301 * way)


@pytest.mark.parametrize("headers", [{}, {"sign": ""}, {"sign": "x", "timestamp": "１７000"}, {"timestamp": "1"}])
def test_what_is_not_signed_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(Problem, match="401"):
        robot().verify(Inbound("POST", {}, headers, b'{"msgtype": "text"}'), NOW)


def test_groups_are_not_answered() -> None:
    assert robot().decode(text("hi", conversationType="2")) == []


@pytest.mark.parametrize(
    ("payload", "words", "attachments"),
    [
        ({"msgtype": "picture", "content": {"downloadCode": "d1"}}, "", (Attachment("image", "d1"),)),
        (
            {"msgtype": "audio", "content": {"downloadCode": "d1", "recognition": "我要退货", "duration": 900}},
            "我要退货",
            (Attachment("audio", "d1"),),
        ),
        (
            {
                "msgtype": "richText",
                "content": {"richText": [{"text": "look"}, {"type": "picture", "downloadCode": "d2"}]},
            },
            "look",
            (Attachment("image", "d2"),),
        ),
    ],
)
def test_other_kinds_are_read(payload: dict[str, Any], words: str, attachments: tuple[Attachment, ...]) -> None:
    request = Inbound(body=orjson.dumps({"msgId": "m1", **whose("ann"), **payload}))
    [said] = robot().decode(request)
    assert (said.text, said.attachments) == (words, attachments)


def test_a_file_is_named() -> None:
    content = {"fileName": "账单.pdf", "downloadCode": "d1", "spaceId": "s"}
    [said] = robot().decode(
        Inbound(body=orjson.dumps({"msgId": "m", **whose("a"), "msgtype": "file", "content": content}))
    )
    assert said.attachments == (Attachment("file", "d1", "账单.pdf"),)


# ---- events ----


def event(payload: dict[str, Any], receiver: str = "dingkey", at: int = NOW * 1000) -> Inbound:
    ciphertext = PrpCrypto(key_of(EVENT_KEY)).encrypt(orjson.dumps(payload).decode(), receiver).decode()
    signer = WeChatSigner()
    signer.add_data(EVENT_TOKEN, str(at), "n", ciphertext)
    query = {"msg_signature": signer.signature, "timestamp": str(at), "nonce": "n"}
    return Inbound("POST", query, {}, orjson.dumps({"encrypt": ciphertext}))


def test_the_check_of_the_address_is_answered_encrypted_as_their_scheme_has_it() -> None:
    request = event({"EventType": "check_url"})
    robot().verify(request, NOW)
    assert robot().decode(request) == []
    answer = orjson.loads(robot().answer(request).body)
    assert PrpCrypto(key_of(EVENT_KEY)).decrypt(answer["encrypt"], "dingkey") == "success"
    signer = WeChatSigner()
    signer.add_data(EVENT_TOKEN, answer["timeStamp"], answer["nonce"], answer["encrypt"])
    assert signer.signature == answer["msg_signature"]


def test_an_event_for_another_app_or_of_another_hour_is_refused() -> None:
    for request in (event({}, "another"), event({}, at=(NOW - 301) * 1000), Inbound("POST", {}, {}, b"[]")):
        with pytest.raises(Problem, match="401"):
            robot().verify(request, NOW)
    with pytest.raises(Problem, match="401"):
        robot(event_token=None, event_aes_key=None).verify(event({}), NOW)


# ---- out ----


def lends(request: httpx.Request, _number: int) -> httpx.Response | None:
    is_asked = request.url.path == "/v1.0/oauth2/accessToken"
    return httpx.Response(200, json={"accessToken": "lent", "expireIn": 7200}) if is_asked else None


STRANGER = {WEBHOOK: HOOK}
TAKEN = httpx.Response(200, json={"processQueryKey": "pqk", "invalidStaffIdList": [], "flowControlledStaffIdList": []})


def say(
    message: BotMessage, latest: dict[str, str] | None = None, contents: dict[str, Fetched] | None = None
) -> Callable[..., Any]:
    to = Recipient("staff-ann", latest=latest or {})
    return lambda http: robot().deliver(http, Part(message, "k", 1, contents or {}), to)


def test_the_companys_people_are_answered_by_the_api() -> None:
    platform_id, heard = answered(say(BotMessage(text="你好")), TAKEN, lends=lends)
    fields = orjson.loads(heard[1].content)
    assert platform_id == "pqk" and heard[1].headers["x-acs-dingtalk-access-token"] == "lent"
    assert (fields["userIds"], fields["msgKey"]) == (["staff-ann"], "sampleText")
    assert orjson.loads(fields["msgParam"]) == {"content": "你好"}


def test_others_are_answered_at_the_session_webhook_without_the_token() -> None:
    [said] = robot().decode(text("hi", senderStaffId=None))
    assert said.sender_id == "$:LWCP_v1:$ann" and said.metadata[WEBHOOK] == HOOK
    done = httpx.Response(200, json={"errcode": 0, "errmsg": "ok"})
    _, heard = answered(say(BotMessage(text="hi"), STRANGER), done, lends=lends)
    assert [str(one.url) for one in heard] == [HOOK]
    assert "x-acs-dingtalk-access-token" not in heard[0].headers
    assert orjson.loads(heard[0].content) == {"msgtype": "text", "text": {"content": "hi"}}


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://oapi.dingtalk.com/robot/sendBySession?session=abc",
        "https://oapi.dingtalk.com.evil.example/x",
        "https://oapi.dingtalk.com@evil.example/x",
        "https://evil.example/?https://oapi.dingtalk.com/",
        "file:///etc/passwd",
        "",
    ],
)
def test_no_other_address_is_ever_called(address: str) -> None:
    [said] = robot().decode(text("hi", senderStaffId=None, sessionWebhook=address))
    assert WEBHOOK not in said.metadata
    if address:
        with pytest.raises(Rejected, match="not DingTalk's"):
            answered(say(BotMessage(text="hi"), {WEBHOOK: address}), lends=lends)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_buttons_are_a_card_and_say_their_words_when_pressed(count: int) -> None:
    buttons = tuple(Button(f"第{n}个", f"words & more {n}") for n in range(count))
    _, heard = answered(say(BotMessage(text="Which?\nSay it", buttons=buttons)), TAKEN, lends=lends)
    fields = orjson.loads(heard[1].content)
    card = orjson.loads(fields["msgParam"])
    assert fields["msgKey"] == ("sampleActionCard" if count == 1 else f"sampleActionCard{count}")
    assert (card["title"], card["text"]) == ("Which?", "Which?  \nSay it")
    addresses = [card["singleURL"]] if count == 1 else [card[f"actionURL{n + 1}"] for n in range(count)]
    assert [unquote(one.removeprefix(SAY)) for one in addresses] == [one.payload for one in buttons]


def test_a_product_is_a_card_with_its_picture() -> None:
    mug = Card("Mug", "red", "https://shop.example/m.jpg", "$9", (Button("Buy", "buy the mug"), Button("More", "more")))
    cup = Card("Cup", price="$5")
    first, second = fit(BotMessage(cards=(mug, cup)), Dingtalk.can)
    _, heard = answered(say(first), TAKEN, lends=lends)
    fields = orjson.loads(heard[1].content)
    card = orjson.loads(fields["msgParam"])
    assert (fields["msgKey"], card["title"]) == ("sampleActionCard2", "Mug")
    assert card["text"] == "![](https://shop.example/m.jpg)  \n**Mug**  \n$9  \nred"
    _, heard = answered(say(second), TAKEN, lends=lends)
    assert orjson.loads(heard[1].content)["msgKey"] == "sampleMarkdown"
    done = httpx.Response(200, json={"errcode": 0})
    _, heard = answered(say(second, STRANGER), done, lends=lends)
    assert orjson.loads(heard[0].content)["markdown"] == {"title": "Cup", "text": "**Cup**  \n$5"}


def test_a_strangers_buttons_are_a_card_too() -> None:
    done = httpx.Response(200, json={"errcode": 0})
    message = BotMessage(text="Sure?", buttons=(Button("Yes", "yes"), Button("No", "no")))
    _, heard = answered(say(message, STRANGER), done, lends=lends)
    card = orjson.loads(heard[0].content)["actionCard"]
    assert [one["title"] for one in card["btns"]] == ["Yes", "No"]


@pytest.mark.parametrize(
    ("told", "error", "words"),
    [
        (httpx.Response(200, json={"invalidStaffIdList": ["staff-ann"]}), Rejected, "not in the company"),
        (httpx.Response(200, json={"flowControlledStaffIdList": ["staff-ann"]}), NotNow, "too many"),
        (httpx.Response(400, json={"code": "staffId.notExisted", "message": "no"}), Rejected, "staffId.notExisted"),
        (httpx.Response(403, json={"code": "Forbidden.AccessDenied.QpsLimitForApi"}), NotNow, "QpsLimit"),
        (httpx.Response(200, json={"errcode": 130101, "errmsg": "too fast"}), NotNow, "130101"),
        (httpx.Response(200, json={"errcode": 310000, "errmsg": "expired"}), Rejected, "310000: expired"),
        (httpx.Response(503, json={"code": "ServiceUnavailable"}), NotNow, "HTTP 503"),
        (httpx.Response(200, text="<html>"), Uncertain, "no JSON"),
    ],
)
def test_what_dingtalk_says_is_understood(told: httpx.Response, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        answered(say(BotMessage(text="hi")), told, lends=lends)


def test_a_token_that_ended_early_is_asked_for_again() -> None:
    ended = httpx.Response(401, json={"code": "InvalidAuthentication", "message": "invalid token"})
    _, heard = answered(say(BotMessage(text="hi")), ended, TAKEN, lends=lends)
    assert len(heard) == 4


@pytest.mark.parametrize(
    ("file", "sent"),
    [
        (Attachment("image", "s1", "a.png"), ("sampleImageMsg", {"photoURL": "@media"})),
        (
            Attachment("file", "s1", "账单.PDF"),
            ("sampleFile", {"mediaId": "@media", "fileName": "账单.PDF", "fileType": "pdf"}),
        ),
    ],
)
def test_a_file_is_handed_over_first(file: Attachment, sent: tuple[str, dict[str, str]]) -> None:
    uploaded = httpx.Response(200, json={"errcode": 0, "media_id": "@media"})
    work = say(BotMessage(files=(file,)), None, {"s1": Fetched(b"bytes", "", file.name)})
    _, heard = answered(work, uploaded, TAKEN, lends=lends)
    assert heard[1].url.path == "/media/upload" and heard[1].url.params["access_token"] == "lent"
    fields = orjson.loads(heard[2].content)
    assert (fields["msgKey"], orjson.loads(fields["msgParam"])) == sent


@pytest.mark.parametrize(
    ("address", "is_fetched"),
    [
        ("https://down-cdn.dingtalk.com/a", True),
        ("http://zjk-dingtalk.oss-cn.aliyuncs.com/a", True),
        ("http://169.254.169.254/", False),
        ("https://dingtalk.com.evil.example/a", False),
    ],
)
def test_a_customers_file_is_fetched_from_dingtalks_hosts_only(address: str, is_fetched: bool) -> None:
    where = httpx.Response(200, json={"downloadUrl": address})
    work: Callable[..., Any] = lambda http: robot().fetch(http, Attachment("file", "code-1"))  # noqa: E731
    if not is_fetched:
        with pytest.raises(Rejected, match="not one of the platform's"):
            answered(work, where, lends=lends)
        return
    fetched, heard = answered(work, where, httpx.Response(200, content=b"%PDF"), lends=lends)
    assert fetched.content == b"%PDF" and heard[2].url.scheme == "https"
    assert orjson.loads(heard[1].content) == {"downloadCode": "code-1", "robotCode": "dingkey"}


def test_check_tells_of_a_wrong_secret() -> None:
    wrong = httpx.Response(400, json={"code": "invalidClientIdOrSecret", "message": "无效的clientId或者clientSecret"})
    found, _ = answered(lambda http: robot().check(http, None), wrong, lends=lambda _request, _number: None)
    assert "invalidClientIdOrSecret" in found[0] and SECRETS["current"] not in found[0]
    assert answered(lambda http: robot().check(http, None), lends=lends)[0] == []


def test_the_contracts_platform_signs_as_is_documented() -> None:
    delivered = PLATFORM.delivery("ann", "hi", 1, NOW)
    signed_part = f"{NOW * 1000}\n{SECRETS['current']}".encode()
    made = hmac.new(SECRETS["current"].encode(), signed_part, hashlib.sha256).digest()
    assert delivered.headers["sign"] == base64.b64encode(made).decode()
