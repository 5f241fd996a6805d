"""Slack: its known vector, its own SDK both ways, its handshake, its buttons and its errors."""

import time
from urllib.parse import urlencode

import httpx
import orjson
import pytest
from pydantic import SecretStr
from slack_sdk.models.blocks import Block, SectionBlock
from slack_sdk.signature import SignatureVerifier

from bot.channels.slack import Slack, SlackSettings, plain, signature
from bot.messages import BotMessage, Button
from bot.messaging.channel import Inbound, Part, Recipient
from bot.messaging.errors import NotNow, Rejected, SendError, Uncertain
from bot.problem import Problem

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
DOCUMENTED = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
SLACK = Slack(SlackSettings(signing_secret=SecretStr(SECRET), bot_token=SecretStr("xoxb-for-tests")))


def signed(body: bytes, media_type: str = "application/json", at: float = 1_531_420_618) -> Inbound:
    timestamp = str(int(at))
    made = SignatureVerifier(SECRET).generate_signature(timestamp=timestamp, body=body)
    headers = {"x-slack-request-timestamp": timestamp, "x-slack-signature": str(made), "content-type": media_type}
    return Inbound(headers=headers, body=body)


def form(payload: object) -> Inbound:
    return signed(urlencode({"payload": orjson.dumps(payload)}).encode(), "application/x-www-form-urlencoded")


def event(**fields: object) -> Inbound:
    said = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "hi", **fields}
    return signed(orjson.dumps({"type": "event_callback", "event_id": "Ev1", "event": said}))


def test_the_documented_signature_is_made_and_accepted() -> None:
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert signature(SECRET, "1531420618", DOCUMENTED) == expected
    headers = {"x-slack-request-timestamp": "1531420618", "x-slack-signature": expected}
    SLACK.verify(Inbound(headers=headers, body=DOCUMENTED), now=1_531_420_618)


@pytest.mark.parametrize(("off", "is_fresh"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_five_minutes_either_way_count_to_the_second(off: int, is_fresh: bool) -> None:
    request = signed(b"{}")
    if is_fresh:
        SLACK.verify(request, now=1_531_420_618 + off)
    else:
        with pytest.raises(Problem, match="401"):
            SLACK.verify(request, now=1_531_420_618 + off)


def test_slacks_sdk_accepts_what_we_sign() -> None:
    now = str(int(time.time()))
    assert SignatureVerifier(SECRET).is_valid("{}", now, signature(SECRET, now, b"{}"))


def test_the_handshake_gets_its_challenge() -> None:
    request = signed(orjson.dumps({"type": "url_verification", "challenge": "3eZbrw1a"}))
    assert SLACK.answer(request).body == b"3eZbrw1a"
    assert SLACK.decode(request) == []


def test_a_repeated_delivery_is_taken_and_keeps_its_id() -> None:
    request = event()
    [first] = SLACK.decode(request)
    [again] = SLACK.decode(Inbound(headers={**request.headers, "x-slack-retry-num": "1"}, body=request.body))
    assert first.message_id == again.message_id == "Ev1"
    assert first.conversation_id == "slack:D1"


@pytest.mark.parametrize(
    "fields",
    [{"bot_id": "B1"}, {"subtype": "message_changed"}, {"channel_type": "channel"}, {"type": "x"}, {"user": None}],
)
def test_what_no_customer_wrote_to_the_bot_alone_is_not_answered(fields: dict[str, object]) -> None:
    assert SLACK.decode(event(**fields)) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("see <https://a.example/x|a.example>", "see a.example"),
        ("<https://a.example/x>", "https://a.example/x"),
        ("<mailto:ann@a.example|ann@a.example>", "ann@a.example"),
        ("订单 #W1", "订单 #W1"),
    ],
)
def test_what_slack_marks_up_is_read_as_it_was_typed(text: str, words: str) -> None:
    assert plain(text) == words


def test_a_pressed_button_says_its_words() -> None:
    container = {"channel_id": "D1", "message_ts": "1.2"}
    action = {"type": "button", "value": "Cancel order #W1", "action_ts": "3.4"}
    [message] = SLACK.decode(form({"type": "block_actions", "container": container, "actions": [action]}))
    assert (message.text, message.message_id, message.sender_id) == ("Cancel order #W1", "1.2:3.4", "D1")


def test_buttons_are_blocks_that_slacks_sdk_finds_valid() -> None:
    message = BotMessage(text="a < b & c", buttons=tuple(Button(f"Button {n}", f"words {n}") for n in range(25)))
    call = SLACK.render(Part(message, "k", 1), Recipient("D1"))
    fields = orjson.loads(call.body)
    assert fields["text"] == "a &lt; b &amp; c"
    blocks = Block.parse_all(fields["blocks"])
    for block in blocks:
        block.validate_json()
    assert isinstance(blocks[0], SectionBlock) and blocks[0].text and blocks[0].text.text == "a < b & c"
    assert [one["value"] for one in fields["blocks"][1]["elements"]] == [f"words {n}" for n in range(25)]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(200, json={"ok": False, "error": "channel_not_found"}), Rejected),
        (httpx.Response(200, json={"ok": False, "error": "ratelimited"}), NotNow),
        (httpx.Response(200, json={"ok": False, "error": "fatal_error"}), Uncertain),
        (httpx.Response(429, headers={"retry-after": "7"}, json={"ok": False}), NotNow),
    ],
)
def test_slack_says_no_in_a_200_too(answer: httpx.Response, error: type[SendError]) -> None:
    with pytest.raises(error) as raised:
        SLACK.judge(answer)
    if answer.status_code == 429:
        assert isinstance(raised.value, NotNow) and raised.value.retry_after_seconds == 7
        assert raised.value.whole_channel
