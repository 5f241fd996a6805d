"""WhatsApp: Meta's signature by known vectors and by pywa, what pywa would send, statuses, media, errors."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from pywa.client import WhatsApp as PyWa
from pywa.types.callback import Button as PyWaButton
from pywa.types.callback import Section, SectionList, SectionRow
from pywa.types.message import Message
from pywa.utils import webhook_updates_validator

from bot.app import web_app
from bot.channels.whatsapp import WhatsApp, WhatsAppSettings
from bot.messages import Attachment, BotMessage, Button, Row
from bot.messaging.channel import Inbound, Part, Recipient
from bot.messaging.errors import NotNow, Rejected, SendError
from bot.messaging.fitting import fit
from bot.messaging.meta import signature
from bot.problem import Problem
from bot.settings import Settings
from tests.bot.tiny import tiny_kefu
from tests.contracts.platforms import whatsapp as platform

SECRET = platform.SECRETS["current"]
SETTINGS = WhatsAppSettings(
    app_secret=SecretStr(SECRET),
    verify_token=SecretStr(platform.VERIFY_TOKEN),
    access_token=SecretStr("EAAJB-a-token-of-tests"),
    phone_number_id=platform.NUMBER_ID,
    business_account_id="102290129340398",
)
WHATSAPP = WhatsApp(SETTINGS)
ANN = Recipient("4915112345678", latest={"wamid": "wamid.1"})


def delivered(message: Mapping[str, Any], **more: Any) -> Inbound:
    value = {"messages": [{**platform.envelope(ANN.sender_id, 1, 1.0), **message}], **more}
    made = platform.signed(platform.body(value), SECRET)
    return Inbound(headers=dict(made.headers), body=made.body)


def fields(message: BotMessage, to: Recipient = ANN, seq: int = 7) -> dict[str, Any]:
    shown: dict[str, Any] = orjson.loads(WHATSAPP.render(Part(message, "k", seq), to).body)
    return shown


@pytest.mark.parametrize(
    ("secret", "body", "expected"),
    [
        (
            "It's a Secret to Everybody",
            "Hello, World!",
            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        ),
        ("secret", "test", "0329a06b62cd16b33eb6792be8c60b158d89a2ee3a876fce9a881ebb488c0914"),
    ],
)
def test_the_known_signatures_are_made(secret: str, body: str, expected: str) -> None:
    assert signature(secret, body.encode()) == f"sha256={expected}"


@pytest.mark.parametrize("body", [b"{}", "中文 👪".encode(), b"", b'{"a":  1}'])
def test_pywa_accepts_what_we_sign(body: bytes) -> None:
    assert webhook_updates_validator(SECRET, body, signature(SECRET, body))


def test_only_who_knows_the_verify_token_gets_the_challenge_back() -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": platform.VERIFY_TOKEN, "hub.challenge": "1158201444"}
    answer = WHATSAPP.handshake(Inbound("GET", query), 0)
    assert answer and answer.body == b"1158201444" and answer.media_type == "text/plain"
    for wrong in ({"hub.verify_token": "another-token"}, {"hub.verify_token": ""}, {"hub.mode": "unsubscribe"}):
        with pytest.raises(Problem, match="401"):
            WHATSAPP.handshake(Inbound("GET", {**query, **wrong}), 0)
    assert WHATSAPP.handshake(Inbound("POST", query), 0) is None


def test_pywa_reads_the_same_in_a_delivery() -> None:
    request = delivered({"type": "text", "text": {"body": "我的订单呢？"}}, contacts=[platform.contact(ANN.sender_id)])
    read = Message.from_update(PyWa(phone_id=platform.NUMBER_ID, token="t"), orjson.loads(request.body))
    [said] = WHATSAPP.decode(request)
    assert (said.text, said.sender_id, said.message_id) == (read.text, read.from_user.wa_id, read.id)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"type": "button", "button": {"payload": "cancel it", "text": "Cancel"}}, "cancel it"),
        (
            {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "track", "title": "T"}}},
            "track",
        ),
        (
            {"type": "location", "location": {"latitude": 31.2, "longitude": 121.5, "name": "Home"}},
            "Home, 31.2, 121.5",
        ),
        ({"type": "image", "image": {"id": "9", "caption": "broken"}}, "broken"),
    ],
)
def test_what_was_pressed_or_written_below_is_what_was_said(message: Mapping[str, Any], words: str) -> None:
    [said] = WHATSAPP.decode(delivered(message))
    assert said.text == words and "pressed" not in said.metadata


def test_a_button_with_too_many_words_is_known_by_its_number() -> None:
    message = BotMessage("Which?", buttons=(Button("A", "words " * 40), Button("B", "b")))
    [first, second] = fields(message)["interactive"]["action"]["buttons"]
    assert (first["reply"]["id"], second["reply"]["id"]) == ("=7.0", "b")
    about = {"type": "button_reply", "button_reply": first["reply"]}
    [said] = WHATSAPP.decode(delivered({"type": "interactive", "interactive": about}))
    assert said.metadata["pressed"] == "7.0"
    [typed] = WHATSAPP.decode(delivered({"type": "text", "text": {"body": "=7.0"}}))
    assert "pressed" not in typed.metadata


@pytest.mark.parametrize("message", [{"type": "reaction"}, {"type": "system"}, {"type": "text", "group_id": "g"}])
def test_what_needs_no_answer_gets_none(message: Mapping[str, Any]) -> None:
    assert WHATSAPP.decode(delivered({"text": {"body": "x"}, **message})) == []


def test_another_number_of_the_app_is_not_ours() -> None:
    value = {"messages": [{**platform.envelope("1", 1, 1.0), "type": "text", "text": {"body": "x"}}]}
    assert WHATSAPP.decode(Inbound(body=platform.body(value, "999"))) == []


def test_who_hides_the_number_is_answered_by_metas_id() -> None:
    hidden = {"from": "", "from_user_id": "US.13491208655302741918", "type": "text", "text": {"body": "hi"}}
    [said] = WHATSAPP.decode(delivered(hidden))
    shown = fields(BotMessage("hello"), Recipient(said.sender_id))
    assert shown["recipient"] == "US.13491208655302741918" and "to" not in shown


def test_statuses_are_receipts() -> None:
    statuses = [
        {"id": "wamid.9", "status": "sent"},
        {"id": "wamid.9", "status": "delivered"},
        {"id": "wamid.9", "status": "read"},
        {"id": "wamid.8", "status": "failed", "errors": [{"code": 131026, "title": "Message undeliverable"}]},
    ]
    request = Inbound(body=platform.body({"statuses": statuses}))
    assert WHATSAPP.decode(request) == []
    assert [(one.platform_id, one.state, one.why) for one in WHATSAPP.receipts(request)] == [
        ("wamid.9", "delivered", ""),
        ("wamid.9", "read", ""),
        ("wamid.8", "failed", "131026 Message undeliverable"),
    ]


@pytest.fixture
def pywa_sends() -> Callable[[Callable[[PyWa], object]], dict[str, Any]]:
    def sent(act: Callable[[PyWa], object]) -> dict[str, Any]:
        heard: list[dict[str, Any]] = []

        def answer(request: httpx.Request) -> httpx.Response:
            heard.append(orjson.loads(request.content))
            done = {"contacts": [{"input": "1", "wa_id": "1"}], "messages": [{"id": "wamid.2"}], "success": True}
            return httpx.Response(200, json={"messaging_product": "whatsapp", **done})

        session = httpx.Client(transport=httpx.MockTransport(answer))
        act(PyWa(phone_id=platform.NUMBER_ID, token="t", session=session))
        return heard[0]

    return sent


def test_we_send_what_pywa_sends(pywa_sends: Callable[[Callable[[PyWa], object]], dict[str, Any]]) -> None:
    to, image, paper = ANN.sender_id, "https://a.example/x.png", "https://a.example/x.pdf"
    assert fields(BotMessage("hi")) == pywa_sends(lambda wa: wa.send_message(to, "hi", tracker="k"))
    buttons = (Button("A", "a"), Button("B", "b"))
    theirs = [PyWaButton("A", "a"), PyWaButton("B", "b")]
    assert fields(BotMessage("hi", buttons)) == pywa_sends(
        lambda wa: wa.send_message(to, "hi", buttons=theirs, tracker="k")
    )
    assert fields(BotMessage(image=image)) == pywa_sends(lambda wa: wa.send_image(to, image, tracker="k"))
    file = BotMessage(files=(Attachment("file", paper, "x.pdf"),))
    assert fields(file) == pywa_sends(lambda wa: wa.send_document(to, paper, filename="x.pdf", tracker="k"))
    typing = WHATSAPP.typing(ANN)
    assert typing and orjson.loads(typing.body) == pywa_sends(lambda wa: wa.indicate_typing("wamid.1"))
    listed = SectionList("Choose", [Section("", [SectionRow("T", "c", "d")])])
    ours, wanted = (
        fields(BotMessage("hi", rows=(Row("T", "c", "d"),))),
        pywa_sends(lambda wa: wa.send_message(to, "hi", buttons=listed, tracker="k")),
    )
    del wanted["interactive"]["action"]["sections"][0]["title"]  # wanted by Meta only where there are several
    assert ours == wanted


def test_a_picture_that_whatsapp_does_not_show_goes_as_its_address() -> None:
    shown = fields(BotMessage(image="https://a.example/x.WEBP?w=1"))
    assert (shown["type"], shown["text"]["body"]) == ("text", "https://a.example/x.WEBP?w=1")


def test_the_handshake_works_over_http(tmp_path: Path) -> None:
    values = {name: SecretStr(value) for name, value in platform.PLATFORM.settings("http://127.0.0.1:9").items()}
    kefu = tiny_kefu(Settings(database_url=f"sqlite:///{tmp_path}/kefu.db", channels={"whatsapp": values}))
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
    with TestClient(web_app(kefu)) as client:
        right = client.get("/webhooks/whatsapp", params={**query, "hub.verify_token": platform.VERIFY_TOKEN})
        wrong = client.get("/webhooks/whatsapp", params={**query, "hub.verify_token": "another-token"})
    assert (right.status_code, right.text) == (200, "1158201444")
    assert wrong.status_code == 401 and "1158201444" not in wrong.text


def test_four_buttons_are_a_list_and_it_is_named_in_the_texts_language() -> None:
    four = BotMessage("您想怎么做？", buttons=tuple(Button(f"第{n}个", f"words {n}") for n in range(4)))
    [fitted] = fit(four, WHATSAPP.can, "zh")
    action = fields(fitted)
    assert action["interactive"]["type"] == "list" and action["interactive"]["action"]["button"] == "请选择"
    [section] = action["interactive"]["action"]["sections"]
    assert [one["id"] for one in section["rows"]] == [f"words {n}" for n in range(4)]


def test_the_template_brings_an_answer_after_the_24_hours_where_one_is_set() -> None:
    part = Part(BotMessage("Your refund\nis on its way."), "k", 1)
    assert WHATSAPP.reopening(part, ANN) is None
    reopening = WhatsApp(SETTINGS.model_copy(update={"reopening_template": "an_answer/en_US"}))
    call = reopening.reopening(part, ANN)
    template = orjson.loads(call.body)["template"] if call else {}
    assert (template["name"], template["language"]) == ("an_answer", {"code": "en_US"})
    assert template["components"][0]["parameters"] == [{"type": "text", "text": "Your refund is on its way."}]
    assert reopening.reopening(Part(BotMessage("w" * 1025), "k", 1), ANN) is None


@pytest.mark.parametrize(
    ("status", "error", "expected", "seconds"),
    [
        (400, {"code": 131047, "message": "Re-engagement message"}, Rejected, None),
        (401, {"code": 190, "message": "Invalid OAuth access token"}, Rejected, None),
        (400, {"code": 131056, "message": "pair rate limit hit"}, NotNow, 6),
        (400, {"code": 130429, "message": "Rate limit hit"}, NotNow, 1140),
        (400, {"code": 80007, "message": "Rate limit issues"}, NotNow, 1140),
        (500, {"code": 131000, "message": "Something went wrong"}, NotNow, 1140),
        (400, {"code": 999, "is_transient": True}, NotNow, 1140),
    ],
)
def test_the_code_says_whether_to_come_back(
    status: int, error: dict[str, Any], expected: type[SendError], seconds: float | None
) -> None:
    usage = '{"1": [{"type": "whatsapp", "call_count": 100, "estimated_time_to_regain_access": 19}]}'
    with pytest.raises(expected) as raised:
        WHATSAPP.judge(httpx.Response(status, json={"error": error}, headers={"x-business-use-case-usage": usage}))
    if isinstance(raised.value, NotNow):
        assert raised.value.retry_after_seconds == seconds


def graph(answers: Mapping[str, httpx.Response]) -> httpx.AsyncClient:
    """The Graph API, by the ends of the addresses."""

    def answer(request: httpx.Request) -> httpx.Response:
        return next(one for path, one in answers.items() if path in str(request.url))

    return httpx.AsyncClient(transport=httpx.MockTransport(answer))


def fetched(url: str) -> Any:
    about = httpx.Response(200, json={"url": url, "mime_type": "image/jpeg", "file_size": 4})
    http = graph({"/v25.0/55": about, "lookaside.fbsbx.com": httpx.Response(200, content=b"\xff\xd8\xff\xe0")})
    return asyncio.run(WHATSAPP.fetch(http, Attachment("image", "55")))


def test_media_is_fetched_from_meta_and_nowhere_else() -> None:
    found = fetched("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=55")
    assert (found.content, found.media_type) == (b"\xff\xd8\xff\xe0", "image/jpeg")
    for elsewhere in (
        "https://evil.example/x",
        "http://lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com.evil.example",
    ):
        with pytest.raises(Rejected, match="address"):
            fetched(elsewhere)


def test_a_photo_is_an_attachment_and_not_an_empty_message() -> None:
    [said] = WHATSAPP.decode(
        delivered({"type": "document", "document": {"id": "5", "filename": "a.pdf", "mime_type": "application/pdf"}})
    )
    assert said.attachments == (Attachment("file", "5", "a.pdf", "application/pdf"),)
    assert said.metadata.get("problem") != "empty"


def checked(number: dict[str, Any], apps: list[Any]) -> list[str]:
    answers = {"/subscribed_apps": httpx.Response(200, json={"data": apps}), "": httpx.Response(200, json=number)}
    return asyncio.run(WHATSAPP.check(graph(answers), "https://chat.example.com/webhooks/whatsapp"))


def test_check_says_what_is_wrong() -> None:
    right = {
        "webhook_configuration": {"application": "https://chat.example.com/webhooks/whatsapp"},
        "status": "CONNECTED",
    }
    assert checked(right, [{}]) == []
    assert "subscribed by no app" in checked(right, [])[0]
    assert "PENDING" in checked({**right, "status": "PENDING"}, [{}])[0]
    assert "delivers to nobody" in checked({}, [{}])[0]
    wrong = graph({"": httpx.Response(401, json={"error": {"code": 190, "message": "Invalid OAuth access token"}})})
    [said] = asyncio.run(WHATSAPP.check(wrong, None))
    assert "KEFU_WHATSAPP_ACCESS_TOKEN" in said and "EAAJB" not in said
