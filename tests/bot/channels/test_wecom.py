"""WeCom apps: the console's check, its kinds of messages, cards with buttons, its errors, files."""

from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

from bot.channels.wecom import Wecom, WecomAppSettings
from bot.messages import Attachment, BotMessage, Button
from bot.messaging.channel import Fetched, Inbound, Part, Recipient
from bot.messaging.choices import PRESSED
from bot.messaging.errors import NotNow, Rejected
from bot.messaging.fitting import fit
from bot.problem import Problem
from tests.bot.channels.platform_calls import answered
from tests.contracts.platform import Delivered
from tests.contracts.platforms.wechat import LENT, SECRETS, sealed, xml
from tests.contracts.platforms.wecom import CORP_ID

NOW = 1_700_000_000


def app(**fields: Any) -> Wecom:
    given = {"corp_id": CORP_ID, "secret": "a-secret-of-tests", "agent_id": "1000002", "api_url": "http://api.test"}
    return Wecom(WecomAppSettings.model_validate({**given, **SECRETS, **fields}))


def inbound(delivered: Delivered) -> Inbound:
    return Inbound(delivered.method, delivered.query, delivered.headers, delivered.body)


def event(**fields: str) -> Inbound:
    return inbound(sealed(xml("ann", NOW, **fields), NOW, "current", CORP_ID))


def test_the_consoles_check_is_answered_with_what_it_encrypted() -> None:
    delivered = sealed("1616140317555161061", NOW, "current", CORP_ID)
    echo = delivered.body.decode().removeprefix("<xml><Encrypt><![CDATA[").removesuffix("]]></Encrypt></xml>")
    answer = app().handshake(Inbound("GET", {**delivered.query, "echostr": echo}), NOW)
    assert answer and answer.body == b"1616140317555161061"
    with pytest.raises(Problem, match="401"):
        app().handshake(Inbound("GET", {**delivered.query, "echostr": echo[:-4] + "AAA="}), NOW)
    with pytest.raises(KeyError):  # no handshake: intake goes on, and verify refuses it
        app().handshake(Inbound("GET", delivered.query), NOW)


def test_a_message_is_read_and_one_for_another_company_refused() -> None:
    request = event(MsgType="text", Content="我的假期还有几天？", MsgId="77", AgentID="1000002")
    app().verify(request, NOW)
    [said] = app().decode(request)
    assert (said.text, said.conversation_id, said.message_id) == ("我的假期还有几天？", "wecom:ann", "77")
    with pytest.raises(Problem, match="401"):
        app(corp_id="ww-another").verify(request, NOW)


@pytest.mark.parametrize("name", ["enter_agent", "subscribe", "LOCATION", "change_contact"])
def test_what_nobody_said_is_not_answered(name: str) -> None:
    assert app().decode(event(MsgType="event", Event=name)) == []


def test_a_menus_click_says_its_key() -> None:
    [said] = app().decode(event(MsgType="event", Event="click", EventKey="my holidays"))
    assert said.text == "my holidays" and PRESSED not in said.metadata


@pytest.mark.parametrize(("kind", "ours"), [("image", "image"), ("voice", "audio"), ("video", "video")])
def test_attachments_are_named(kind: str, ours: str) -> None:
    [said] = app().decode(event(MsgType=kind, MediaId="media-1", MsgId="5"))
    assert said.attachments == (Attachment(ours, "media-1"),)  # type: ignore[arg-type]


def test_buttons_are_a_card_and_a_pressed_one_is_known() -> None:
    buttons = (Button("Yes", "yes, please"), Button("No", "no"))
    fields = orjson.loads(app().render(Part(BotMessage(text="Sure?", buttons=buttons), "k", 12), Recipient("ann")).body)
    card = fields["template_card"]
    assert (fields["msgtype"], fields["agentid"], card["card_type"]) == ("template_card", 1000002, "button_interaction")
    assert [(one["text"], one["key"]) for one in card["button_list"]] == [("Yes", "12.0"), ("No", "12.1")]
    pressed = {"MsgType": "event", "Event": "template_card_event", "EventKey": "12.1", "TaskId": card["task_id"]}
    [said] = app().decode(event(**pressed))
    assert said.metadata[PRESSED] == "12.1"
    [again] = app().decode(event(**pressed))
    [other] = app().decode(event(**{**pressed, "EventKey": "12.0"}))
    assert said.message_id == again.message_id != other.message_id


def test_a_long_text_goes_out_before_its_buttons() -> None:
    parts = fit(BotMessage(text="说明" * 40, buttons=(Button("好", "ok"),)), Wecom.can, "zh")
    assert [bool(part.buttons) for part in parts] == [False, True]
    assert all(len((part.text or "").encode()) <= 2048 for part in parts)


def lends(request: httpx.Request, _number: int) -> httpx.Response | None:
    return httpx.Response(200, content=LENT) if request.url.path == "/cgi-bin/gettoken" else None


def say(message: BotMessage, contents: dict[str, Fetched] | None = None) -> Callable[..., Any]:
    return lambda http: app().deliver(http, Part(message, "k", 1, contents or {}), Recipient("ann"))


def answer(number: int = 0, **fields: Any) -> httpx.Response:
    return httpx.Response(200, json={"errcode": number, "errmsg": "they say so", **fields})


def test_the_token_is_asked_for_with_the_companys_id_and_secret() -> None:
    platform_id, heard = answered(say(BotMessage(text="hi")), answer(msgid="m7"), lends=lends)
    assert platform_id == "m7"
    assert dict(heard[0].url.params) == {"corpid": CORP_ID, "corpsecret": "a-secret-of-tests"}
    assert heard[0].method == "GET" and heard[1].url.params["access_token"] == "a-token-lent"


@pytest.mark.parametrize(
    ("told", "error", "words"),
    [
        (answer(invaliduser="ann"), Rejected, "cannot be reached"),
        (answer(60020), Rejected, "可信IP"),
        (answer(45033), NotNow, "45033"),
        (answer(-1), NotNow, "-1"),
        (answer(81013), Rejected, "they say so"),
    ],
)
def test_what_wecom_says_is_understood(told: httpx.Response, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        answered(say(BotMessage(text="hi")), told, lends=lends)


def test_a_file_is_handed_over_first_and_one_with_an_address_only_is_linked_to() -> None:
    bill = BotMessage(files=(Attachment("file", "stored-1", "账单.pdf"),))
    contents = {"stored-1": Fetched(b"%PDF", "application/pdf", "账单.pdf")}
    _, heard = answered(say(bill, contents), answer(media_id="m9"), answer(msgid="m1"), lends=lends)
    assert heard[1].url.params["type"] == "file" and "账单.pdf".encode() in heard[1].content
    assert orjson.loads(heard[2].content)["file"] == {"media_id": "m9"}
    linked = BotMessage(files=(Attachment("file", "https://shop.example/bill.pdf", "bill.pdf"),))
    _, heard = answered(say(linked), answer(msgid="m1"), lends=lends)
    assert "https://shop.example/bill.pdf" in orjson.loads(heard[1].content)["text"]["content"]


@pytest.mark.parametrize(
    ("told", "problems"), [(answer(close=0), 0), (answer(close=1), 1), (answer(301002), 1), (answer(60020), 1)]
)
def test_check_asks_for_the_app(told: httpx.Response, problems: int) -> None:
    found, heard = answered(lambda http: app().check(http, None), told, lends=lends)
    assert len(found) == problems
    assert (heard[1].method, heard[1].url.path, heard[1].url.params["agentid"]) == (
        "GET",
        "/cgi-bin/agent/get",
        "1000002",
    )
