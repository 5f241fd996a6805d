"""Discord: its signature by RFC 8032 and by its SDK, what is asked, where the answer goes, errors and the check."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest
from discord_interactions import verify_key
from pydantic import SecretStr

from bot.channels.discord import Discord, DiscordSettings, escaped, is_signed
from bot.messages import Attachment, BotMessage, Button, Row, UserMessage
from bot.messaging.channel import Fetched, Inbound, Part, Recipient
from bot.messaging.errors import NotNow, Rejected, SendError
from bot.problem import Problem
from tests.contracts.platforms import discord as platform

KEY = platform.KEYS["current"]
DISCORD = Discord(
    DiscordSettings(
        application_id=platform.APP,
        public_key=platform.public(KEY),
        bot_token=SecretStr("a-bot-token-of-tests"),
    )
)
NOW = 1_760_000_000


def asked(fields: dict[str, Any], at: float = NOW) -> Inbound:
    made = platform.signed(fields, at, KEY)
    return Inbound(headers=dict(made.headers), body=made.body)


def said(fields: dict[str, Any]) -> UserMessage:
    [message] = DISCORD.decode(asked(fields))
    return message


def test_rfc_8032s_signature_is_accepted() -> None:
    key = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
    made = (
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )
    assert is_signed(key, made, bytes.fromhex("af82"))
    assert not is_signed(key, made, bytes.fromhex("af83"))
    assert not any(is_signed(key, other, bytes.fromhex("af82")) for other in ("", "zz", made[:-2], made + "00"))


@pytest.mark.parametrize("text", ["Where is my order?", "我的订单呢？ 👪", ""])
def test_discords_sdk_and_we_agree(text: str) -> None:
    request = asked(platform.command("1", text, 1))
    made, at = request.header("x-signature-ed25519"), request.header("x-signature-timestamp")
    assert verify_key(request.body, made, at, platform.public(KEY))
    DISCORD.verify(request, NOW)


@pytest.mark.parametrize("off", [301, -301])
def test_five_minutes_either_way_count(off: int) -> None:
    with pytest.raises(Problem, match="401"):
        DISCORD.verify(asked(platform.command("1", "hi", 1)), NOW + off)


def test_a_ping_is_answered_only_where_it_is_signed() -> None:
    ping = asked({"type": 1, "id": "1", "application_id": platform.APP})
    DISCORD.verify(ping, NOW)
    assert DISCORD.decode(ping) == [] and orjson.loads(DISCORD.answer(ping).body) == {"type": 1}
    with pytest.raises(Problem, match="401"):
        DISCORD.verify(Inbound(headers={**ping.headers, "x-signature-ed25519": "00" * 64}, body=ping.body), NOW)


@pytest.mark.parametrize(
    ("more", "flags"),
    [
        ({}, {"flags": 64}),
        ({"context": 2, "guild_id": "1"}, {"flags": 64}),
        ({"context": 1, "member": None, "user": {"id": "7"}}, None),
    ],
)
def test_the_answer_is_deferred_at_once_and_only_the_person_sees_it(more: dict[str, Any], flags: Any) -> None:
    fields = platform.command("7", "hi", 1, **more)
    answer = DISCORD.answer(asked(fields))
    assert orjson.loads(answer.body) == {"type": 5, **({"data": flags} if flags else {})}
    assert answer.media_type == "application/json" and said(fields).sender_id == "7"


def test_a_command_a_button_and_a_chosen_row_say_their_words() -> None:
    assert said(platform.command("7", "我的订单呢？", 1)).text == "我的订单呢？"
    press = platform.interaction("7", 2, type=3, data={"component_type": 2, "custom_id": "cancel the order"})
    assert said(press).text == "cancel the order"
    choose = platform.interaction("7", 3, type=3, data={"component_type": 3, "custom_id": "list.4", "values": ["=4.1"]})
    assert said(choose).metadata["pressed"] == "4.1"
    assert "pressed" not in said(platform.command("7", "=4.1", 4)).metadata


def test_a_file_of_the_command_is_an_attachment_and_fetched_from_discord_only() -> None:
    url = "https://cdn.discordapp.com/ephemeral-attachments/1/2/photo.png?ex=1"
    file = {"id": "5", "filename": "photo.png", "content_type": "image/png", "size": 4, "url": url}
    data = {"options": [{"name": "file", "type": 11, "value": "5"}], "resolved": {"attachments": {"5": file}}}
    message = said(platform.interaction("7", 1, type=2, data=data))
    assert message.attachments == (Attachment("image", url, "photo.png", "image/png", 4),)
    with pytest.raises(Rejected, match="address"):
        asyncio.run(DISCORD.fetch(httpx.AsyncClient(), Attachment("file", "https://cdn.discordapp.com.evil.example/x")))


def test_what_can_be_pressed_is_within_discords_limits() -> None:
    buttons = tuple(Button(f"Button {n}", f"words {n}" if n else "words " * 30) for n in range(12))
    rows = (Row("One", "one", "the first"), Row("Two", "two"))
    call = DISCORD.render(
        Part(BotMessage("Which?", buttons), "k", 4), Recipient("7", latest={"interaction_token": "t"})
    )
    fields = orjson.loads(call.body)
    assert [len(row["components"]) for row in fields["components"]] == [5, 5, 2]
    assert [one["custom_id"] for one in fields["components"][0]["components"][:2]] == ["=4.0", "words 1"]
    assert fields["allowed_mentions"] == {"parse": []} and fields["flags"] == 64
    [chosen] = orjson.loads(DISCORD.render(Part(BotMessage("Which?", rows=rows), "k", 4), Recipient("7")).body)[
        "components"
    ]
    assert chosen["components"][0]["options"][0] == {"label": "One", "value": "one", "description": "the first"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("order #W1_2 *now*", r"order #W1\_2 \*now\*"),
        ("# not a heading\n> nor a quote", "\\# not a heading\n\\> nor a quote"),
        ("see https://a.example/a_b_c", "see https://a.example/a_b_c"),
        ("*" * 1900, "*" * 1900),
    ],
)
def test_words_are_not_taken_for_markup(text: str, shown: str) -> None:
    assert escaped(text) == shown


class Heard(list[httpx.Request]):
    def calls(self) -> list[str]:
        return [f"{one.method} {one.url.path.removeprefix('/api/v10/')}" for one in self]


def sent(message: BotMessage, age: float, answer: Callable[[httpx.Request], httpx.Response], **more: Any) -> Heard:
    heard = Heard()

    def api(request: httpx.Request) -> httpx.Response:
        heard.append(request)
        return answer(request)

    latest = {"interaction_token": "t", "asked_at": time.time() - age, "is_private": False}
    http = httpx.AsyncClient(transport=httpx.MockTransport(api))
    asyncio.run(DISCORD.deliver(http, Part(message, "kefu-1-2-0", 4, **more), Recipient("7", latest=latest)))
    return heard


def discord(flags: int) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: httpx.Response(200, json={"id": "99", "flags": flags if request.method == "GET" else 0})


def test_the_first_part_takes_the_place_of_the_waiting_sign_and_the_next_ones_follow() -> None:
    base = f"webhooks/{platform.APP}/t"
    original = f"{base}/messages/@original"
    assert sent(BotMessage("hi"), 1, discord(128)).calls() == [f"GET {original}", f"PATCH {original}"]
    assert sent(BotMessage("hi"), 1, discord(64)).calls() == [f"GET {original}", f"POST {base}"]


def test_when_the_interaction_is_over_a_direct_message_comes() -> None:
    heard = sent(BotMessage("hi"), 15 * 60, discord(0))
    assert heard.calls() == ["POST users/@me/channels", "POST channels/99/messages"]
    fields = orjson.loads(heard[1].content)
    assert fields["enforce_nonce"] and len(fields["nonce"]) == 25 and "flags" not in fields
    assert heard[1].headers["authorization"] == "Bot a-bot-token-of-tests"


def gone(request: httpx.Request) -> httpx.Response:
    if request.method == "GET":
        return httpx.Response(404, json={"code": 10015, "message": "Unknown Webhook"})
    return httpx.Response(200, json={"id": "99"})


def test_an_interaction_that_is_not_known_yet_is_waited_for_and_one_that_is_gone_is_not() -> None:
    with pytest.raises(NotNow) as raised:
        sent(BotMessage("hi"), 1, gone)
    assert raised.value.retry_after_seconds == 1
    assert sent(BotMessage("hi"), 60, gone).calls()[-1] == "POST channels/99/messages"


def test_a_file_goes_along_as_bytes() -> None:
    file = Attachment("file", "7", "bill.pdf", "application/pdf")
    contents = {"7": Fetched(b"%PDF-1.7", "application/pdf", "bill.pdf")}
    heard = sent(BotMessage(files=(file,)), 1, discord(64), contents=contents)
    body = heard[-1].content
    assert heard[-1].headers["content-type"].startswith("multipart/form-data")
    assert all(one in body for one in (b"%PDF-1.7", b'name="files[0]"; filename="bill.pdf"', b'name="payload_json"'))


@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        (429, {"message": "You are being rate limited.", "retry_after": 0.65, "global": True}, NotNow),
        (403, {"code": 50007, "message": "Cannot send messages to this user"}, Rejected),
        (401, {"code": 0, "message": "401: Unauthorized"}, Rejected),
        (500, {"code": 0, "message": "500: Internal Server Error"}, NotNow),
    ],
)
def test_discord_says_whether_to_come_back(status: int, error: dict[str, Any], expected: type[SendError]) -> None:
    with pytest.raises(expected, match=f"HTTP {status}") as raised:
        DISCORD.judge(httpx.Response(status, json=error))
    if status == 429:
        assert isinstance(raised.value, NotNow)
        assert (raised.value.retry_after_seconds, raised.value.whole_channel) == (0.65, True)


@pytest.mark.parametrize(
    ("app", "commands", "expected"),
    [
        ({}, [{}], None),
        ({"interactions_endpoint_url": None}, [{}], "nobody"),
        ({"verify_key": "00" * 32}, [{}], "KEFU_DISCORD_PUBLIC_KEY"),
        ({"id": "9"}, [{}], "another app"),
        ({}, [], "/ask"),
    ],
)
def test_check_says_what_is_wrong(app: dict[str, Any], commands: list[Any], expected: str | None) -> None:
    url = "https://chat.example.com/webhooks/discord"
    known = {"id": platform.APP, "verify_key": platform.public(KEY), "interactions_endpoint_url": url, **app}

    def api(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=commands if request.url.path.endswith("/commands") else known)

    problems = asyncio.run(DISCORD.check(httpx.AsyncClient(transport=httpx.MockTransport(api)), url))
    assert len(problems) == (1 if expected else 0) and (expected or "") in "".join(problems)
