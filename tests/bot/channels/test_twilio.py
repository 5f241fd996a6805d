"""Twilio: its known signatures, its SDK both ways, what it says and what it is told; how text messages are counted."""

import asyncio
import base64
import hashlib
import logging
import time
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
import pytest
from pydantic import SecretStr
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from bot.channels.twilio import Twilio, TwilioSettings
from bot.messages import Attachment, BotMessage
from bot.messaging.channel import Inbound, Part, Recipient
from bot.messaging.errors import NotNow, Rejected, SendError
from bot.messaging.sending import Call
from bot.messaging.sms import plain, segments
from bot.messaging.twilio_signing import signature
from bot.problem import Problem
from bot.settings import SettingsError
from tests.contracts.platforms import twilio as platform

SECRET = platform.SECRETS["current"]
SETTINGS = TwilioSettings(
    account_sid=platform.ACCOUNT,
    auth_token=SecretStr(SECRET),
    shared_key=SecretStr("a-shared-key-of-ours"),
    number=platform.OURS,
)
TWILIO = Twilio(SETTINGS, url=platform.URL)
CALL = {"CallSid": "CA1234567890ABCDE", "Digits": "1234", "From": "+14158675309", "To": "+18005551212"}
CALL = {**CALL, "Caller": "+14158675309"}
DOCUMENTED = "https://mycompany.com/myapp.php?foo=1&bar=2"
JSON_BODY = b'{"property": "value", "boolean": true}'
JSON_HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"


def at(url: str, token: str = "12345678") -> Twilio:
    """A channel for the known vectors; their token is shorter than Kefu would take."""
    settings = SETTINGS.model_copy(update={"auth_token": SecretStr(token), "url": url})
    return Twilio(settings)


def form(fields: Any, made: str) -> Inbound:
    headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": made}
    return Inbound(headers=headers, body=urlencode(fields).encode())


def delivered(**fields: str) -> Inbound:
    made = platform.signed({**platform.message("+14155550123", "hi", 1), **fields}, SECRET)
    return Inbound(headers=dict(made.headers), body=made.body)


@pytest.mark.parametrize(
    ("url", "fields", "made"),
    [
        (DOCUMENTED, [*CALL.items()], "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (
            DOCUMENTED,
            [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")],
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        ),
        ("http://mycompany.com:1234/myapp.php?foo=1&bar=2", [*CALL.items()], "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        (DOCUMENTED, [*CALL.items()], "kvajT1Ptam85bY51eRf/AJRuM3w="),  # Twilio signed it with :443
        ("http://mycompany.com/myapp.php?foo=1&bar=2", [*CALL.items()], "0ZXoZLH/DfblKGATFgpif+LLRf4="),  # with :80
    ],
)
def test_the_known_signatures_are_accepted(url: str, fields: list[tuple[str, str]], made: str) -> None:
    at(url, "12345").verify(form(fields, made), 0)
    with pytest.raises(Problem, match="401"):
        at(url, "12346").verify(form(fields, made), 0)
    with pytest.raises(Problem, match="401"):
        at(url + "x", "12345").verify(form(fields, made), 0)


def test_a_hashed_body_is_signed_by_its_hash() -> None:
    made = "a9nBmqA0ju/hNViExpshrM61xv4="
    request = Inbound(query={"bodySHA256": JSON_HASH}, headers={"x-twilio-signature": made}, body=JSON_BODY)
    at(DOCUMENTED, "12345").verify(request, 0)
    for other in (JSON_BODY + b" ", b""):
        with pytest.raises(Problem, match="401"):
            at(DOCUMENTED, "12345").verify(Inbound(query=request.query, headers=request.headers, body=other), 0)
    with pytest.raises(Problem, match="401"):  # a hash of the forger's own is not the one that was signed
        query = {"bodySHA256": hashlib.sha256(b"{}").hexdigest()}
        at(DOCUMENTED, "12345").verify(Inbound(query=query, headers=request.headers, body=b"{}"), 0)


def test_a_form_of_megabytes_is_refused_unread() -> None:
    began = time.process_time()
    with pytest.raises(Problem, match="401"):
        at("https://kefu.example/webhooks/twilio").verify(Inbound(body=b"a=%61&" * 660_000), 0)
    assert time.process_time() - began < 0.5


def test_twilios_sdk_accepts_what_we_sign_and_we_what_it_signs() -> None:
    fields = {"Body": "中文 👪 & more=1", "From": "+1", "Empty": ""}
    text = platform.URL + "".join(name + fields[name] for name in sorted(fields))
    assert RequestValidator(SECRET).validate(platform.URL, fields, signature(SECRET, text, "sha1"))
    TWILIO.verify(form(fields, RequestValidator(SECRET).compute_signature(platform.URL, fields)), 0)


def test_a_shared_key_signs_instead_of_the_token() -> None:
    fields = platform.message("+14155550123", "hi", 1)
    made = RequestValidator("a-shared-key-of-ours").compute_signature(platform.URL, fields, "HMAC_SHA256")
    about = "key=webhooks_sharedkey_01,algorithm=HMAC_SHA256"
    request = form(fields, made)
    shared = Inbound(headers={**request.headers, "x-twilio-webhooks-signature-settings": about}, body=request.body)
    TWILIO.verify(shared, 0)
    by_token = RequestValidator(SECRET).compute_signature(platform.URL, fields)
    for wrong in ({"x-twilio-webhooks-signature-settings": "key=x,algorithm=NONE"}, {"x-twilio-signature": by_token}):
        with pytest.raises(Problem, match="401"):
            TWILIO.verify(Inbound(headers={**shared.headers, **wrong}, body=request.body), 0)
    unset = Twilio(SETTINGS.model_copy(update={"shared_key": None}), url=platform.URL)
    with pytest.raises(Problem, match="401"):
        unset.verify(shared, 0)


def test_without_an_address_it_does_not_start() -> None:
    with pytest.raises(SettingsError, match="KEFU_PUBLIC_URL"):
        Twilio(SETTINGS)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"Body": "我的订单呢？"}, "我的订单呢？"),
        ({"Body": "Yes", "ButtonPayload": "cancel the order"}, "cancel the order"),
        ({"Body": "", "Latitude": "31.2", "Longitude": "121.5", "Label": "Home"}, "Home, 31.2, 121.5"),
    ],
)
def test_what_was_typed_or_pressed_is_what_was_said(fields: dict[str, str], words: str) -> None:
    [said] = TWILIO.decode(delivered(**fields))
    assert (said.text, said.conversation_id, said.message_id) == (words, "twilio:+14155550123", f"SM{1:032x}")


@pytest.mark.parametrize("fields", [{"MessageStatus": "delivered"}, {"OptOutType": "STOP"}, {"AccountSid": "AC0"}])
def test_what_is_no_message_to_us_is_not_answered(fields: dict[str, str]) -> None:
    assert TWILIO.decode(delivered(**fields)) == []


@pytest.mark.parametrize(
    ("status", "state"),
    [("queued", None), ("sent", None), ("delivered", "delivered"), ("read", "read"), ("undelivered", "failed")],
)
def test_a_status_callback_is_a_receipt(status: str, state: str | None) -> None:
    found = TWILIO.receipts(delivered(MessageStatus=status, ErrorCode="30003"))
    assert [(one.platform_id, one.state) for one in found] == ([(f"SM{1:032x}", state)] if state else [])


def sent(message: BotMessage, to: Recipient) -> dict[str, str]:
    call = TWILIO.render(Part(message, "k", 1), to)
    return {name: values[0] for name, values in parse_qs(call.body.decode()).items()}


def test_the_answer_comes_from_the_number_that_was_written_to() -> None:
    to = Recipient("whatsapp:+8613800000000", latest={"number": "whatsapp:+14155550199"})
    fields = sent(BotMessage("好的"), to)
    assert (fields["From"], fields["To"], fields["Body"]) == ("whatsapp:+14155550199", to.sender_id, "好的")
    assert sent(BotMessage("hi"), Recipient("whatsapp:+86138"))["From"] == f"whatsapp:{platform.OURS}"
    service = Twilio(SETTINGS.model_copy(update={"number": "MG" + "0" * 32}), url=platform.URL)
    call = service.render(Part(BotMessage("hi"), "k", 1), Recipient("+49151"))
    assert "MessagingServiceSid=MG0" in call.body.decode() and "From=" not in call.body.decode()


class Recorded(HttpClient):  # type: ignore[misc]
    """What Twilio's SDK would send."""

    def __init__(self) -> None:
        super().__init__(logging.getLogger("twilio"), is_async=False)
        self.sent: tuple[str, str, dict[str, str], tuple[str, str]]

    def request(self, method: str, url: str, **given: Any) -> Response:
        self.sent = (method, url, given["data"], given["auth"])
        return Response(201, '{"sid": "SM1", "success": true}')


def made(call: Call | None) -> tuple[str, str, dict[str, str], tuple[str, str]]:
    assert call
    fields = {name: values[0] for name, values in parse_qs(call.body.decode()).items()}
    name, _, token = base64.b64decode(call.headers["authorization"].removeprefix("Basic ")).decode().partition(":")
    return call.method, call.url, fields, (name, token)


def test_we_send_what_twilios_sdk_sends() -> None:
    recorder = Recorded()
    theirs = Client(platform.ACCOUNT, SECRET, http_client=recorder)
    back = f"{platform.URL}?part=k"
    theirs.messages.create(to="+4915112345678", from_=platform.OURS, body="好的", status_callback=back)
    assert made(TWILIO.render(Part(BotMessage("好的"), "k", 1), Recipient("+4915112345678"))) == recorder.sent
    theirs.messaging.v2.typing_indicator.create(channel="whatsapp", message_id="SM1")
    assert made(TWILIO.typing(Recipient("whatsapp:+4915112345678", latest={"sid": "SM1"}))) == recorder.sent
    assert TWILIO.typing(Recipient("+4915112345678", latest={"sid": "SM1"})) is None


def test_a_template_still_goes_when_the_window_is_closed() -> None:
    recorder = Recorded()
    part, ann = Part(BotMessage("Your refund\nis on its way."), "k", 1), Recipient("whatsapp:+4915112345678")
    assert TWILIO.reopening(part, ann) is None
    template = "HX" + "0a" * 16
    twilio = Twilio(SETTINGS.model_copy(update={"reopening_template": template}), url=platform.URL)
    Client(platform.ACCOUNT, SECRET, http_client=recorder).messages.create(
        to="whatsapp:+4915112345678",
        from_=f"whatsapp:{platform.OURS}",
        content_sid=template,
        content_variables='{"1":"Your refund is on its way."}',
        status_callback=f"{platform.URL}?part=k",
    )
    assert made(twilio.reopening(part, ann)) == recorder.sent
    assert twilio.reopening(Part(BotMessage("w" * 1025), "k", 1), ann) is None


def test_media_go_where_they_are_shown() -> None:
    paper = BotMessage(files=(Attachment("file", "https://chat.example.com/attachments/1?sig=x", "bill.pdf"),))
    whatsapp = {"number": "whatsapp:+14155550199"}
    fields = sent(paper, Recipient("whatsapp:+49151", latest=whatsapp))
    assert fields["MediaUrl"] == "https://chat.example.com/attachments/1?sig=x"
    assert TWILIO.shows(whatsapp).files and TWILIO.shows(whatsapp).window_hours == 24
    assert TWILIO.shows({"number": "+14155550100"}).files and TWILIO.shows({}).window_hours is None
    assert not TWILIO.shows({"number": "+4915112345678"}).files


def test_what_people_send_is_fetched_with_the_login_and_redirects_without_it() -> None:
    heard: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        heard.append(request)
        if request.url.host == "api.twilio.com":
            return httpx.Response(307, headers={"location": "https://mms.twiliocdn.com/AC0/photo"})
        return httpx.Response(200, content=b"\x89PNG", headers={"content-type": "image/png"})

    fields = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.com/2010-04-01/x", "MediaContentType0": "image/png"}
    [said] = TWILIO.decode(delivered(**fields, Body=""))
    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    found = asyncio.run(TWILIO.fetch(http, said.attachments[0]))
    assert (found.content, found.media_type, said.attachments[0].kind) == (b"\x89PNG", "image/png", "image")
    assert ["authorization" in one.headers for one in heard] == [True, False]


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [(400, 21610, Rejected), (400, 63016, Rejected), (429, 20429, NotNow), (400, 30001, NotNow), (503, 20503, NotNow)],
)
def test_the_code_says_whether_to_come_back(status: int, code: int, expected: type[SendError]) -> None:
    answer = httpx.Response(
        status, json={"code": code, "message": "no", "status": status}, headers={"retry-after": "7"}
    )
    with pytest.raises(expected, match=str(code)) as raised:
        TWILIO.judge(answer)
    if isinstance(raised.value, NotNow):
        assert raised.value.retry_after_seconds == 7 and raised.value.whole_channel == (status == 429)


@pytest.mark.parametrize(
    ("text", "shown", "count"),
    [
        ("It’s on its way – “soon”…", 'It\'s on its way - "soon"...', 1),
        ("a" * 160, "a" * 160, 1),
        ("a" * 161, "a" * 161, 2),
        ("€" * 80, "€" * 80, 1),
        ("€" * 81, "€" * 81, 2),
        ("您的订单—在路上", "您的订单—在路上", 1),
        ("中" * 71, "中" * 71, 2),
        ("👪" * 36, "👪" * 36, 2),
    ],
)
def test_a_text_message_is_as_cheap_as_it_can_be_without_losing_a_sign(text: str, shown: str, count: int) -> None:
    assert plain(text) == shown and segments(shown) == count


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"incoming_phone_numbers": [{"sms_url": platform.URL, "sms_method": "POST"}]}, None),
        ({"incoming_phone_numbers": [{"sms_url": platform.URL, "sms_method": "GET"}]}, "by GET"),
        ({"incoming_phone_numbers": [{"sms_url": "https://demo.twilio.com/x"}]}, "demo.twilio.com"),
        ({"incoming_phone_numbers": []}, "no number"),
    ],
)
def test_check_says_what_is_wrong(answer: dict[str, Any], said: str | None) -> None:
    api = httpx.MockTransport(lambda _request: httpx.Response(200, json=answer))
    problems = asyncio.run(TWILIO.check(httpx.AsyncClient(transport=api), None))
    assert len(problems) == (1 if said else 0) and (said or "") in "".join(problems)
