"""Teams: whose tokens are believed, which addresses are called, activities and cards by Microsoft's own models."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import jwt
import orjson
import pytest
from microsoft_agents.activity import Activity
from pydantic import SecretStr

from bot.channels.teams import Teams, TeamsSettings
from bot.messages import Attachment, BotMessage, Button, Card
from bot.messaging.channel import Inbound, Part, Recipient
from bot.messaging.errors import NotNow, Rejected, SendError, Uncertain
from bot.problem import Problem
from tests.contracts.platforms.teams import APP_ID, SERVICE, published, text_of, token

NOW = 1_700_000_000
SETTINGS = TeamsSettings(app_id=APP_ID, app_secret=SecretStr("the-client-secret"))


class Microsoft:
    """Its keys, its tokens and its connector, as far as the bot sees them."""

    def __init__(self, *keys: str, endorsed: str = "msteams") -> None:
        self.keys, self.endorsed = keys, endorsed
        self.secret = "the-client-secret"
        self.answers: list[httpx.Response] = []
        self.heard: list[httpx.Request] = []
        self.is_away = False

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.heard.append(request)
        if self.is_away:
            raise httpx.ConnectError("away")
        if request.url.path.endswith("openidconfiguration"):
            return httpx.Response(200, json={"jwks_uri": "https://login.botframework.com/v1/keys"})
        if request.url.path == "/v1/keys":
            return httpx.Response(200, content=published(*self.keys, endorsed=self.endorsed))
        if request.url.path.endswith("/oauth2/v2.0/token"):
            is_known = f"client_secret={self.secret}" in request.content.decode()
            return httpx.Response(200, json={"access_token": "lent", "expires_in": 3600}) if is_known else UNKNOWN
        return self.answers.pop(0) if self.answers else httpx.Response(201, json={"id": "1:sent"})

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self.answer))


UNKNOWN = httpx.Response(401, json={"error": "invalid_client"})


def activity(**fields: Any) -> dict[str, Any]:
    conversation = {"id": "a:ann", "conversationType": "personal"}
    said = {"type": "message", "id": "7", "channelId": "msteams", "serviceUrl": SERVICE, "text": "你好"}
    return {**said, "recipient": {"id": "28:bot"}, "conversation": conversation, **fields}


def inbound(bearer: str, **fields: Any) -> Inbound:
    return Inbound(headers={"authorization": f"Bearer {bearer}"}, body=orjson.dumps(activity(**fields)))


def take(microsoft: Microsoft, request: Inbound, channel: Teams | None = None, now: float = NOW) -> None:
    channel = channel or Teams(SETTINGS)

    async def work() -> None:
        async with microsoft.client() as http:
            await channel.prepare(http, request, now)

    asyncio.run(work())
    channel.verify(request, now)


def test_a_token_of_microsofts_is_believed_for_five_minutes_around() -> None:
    for moved in (0, 299, -299):
        take(Microsoft("current"), inbound(token("current", NOW + moved)))


WRONG: Mapping[str, Callable[[], str]] = {
    "late": lambda: token("current", NOW - 302),
    "early": lambda: token("current", NOW + 302),
    "of an unknown key": lambda: token("unpublished", NOW),
    "for another app": lambda: token("current", NOW, aud="another-app"),
    "of another issuer": lambda: token("current", NOW, iss="https://evil.example"),
    "for another service": lambda: token("current", NOW, serviceurl="https://evil.example/"),
    "changed": lambda: token("current", NOW)[:-4] + "AAAA",
    "signed with a word": lambda: jwt.encode({"aud": APP_ID}, "a" * 32, "HS256", {"kid": "key-current"}),
    "not signed": lambda: jwt.encode({"aud": APP_ID}, "", "none", {"kid": "key-current"}),
    "none": lambda: "",
    "no token": lambda: "é",
}


@pytest.mark.parametrize("name", WRONG)
def test_another_token_is_refused(name: str) -> None:
    with pytest.raises(Problem, match="401"):
        take(Microsoft("current"), inbound(WRONG[name]()))


def test_the_address_and_the_channel_have_to_be_the_tokens_own() -> None:
    good = token("current", NOW)
    for fields in ({"serviceUrl": "https://evil.example/"}, {"serviceUrl": None}, {"channelId": "webchat"}):
        with pytest.raises(Problem, match="401"):
            take(Microsoft("current"), inbound(good, **fields))
    with pytest.raises(Problem, match="401"):
        take(Microsoft("current", endorsed="webchat"), inbound(good))


def test_keys_are_kept_and_a_new_one_is_found_but_not_asked_for_without_end() -> None:
    microsoft, channel = Microsoft("current"), Teams(SETTINGS)
    for _ in range(3):
        take(microsoft, inbound(token("current", NOW)), channel)
    assert len(microsoft.heard) == 2
    for _ in range(3):
        with pytest.raises(Problem):
            take(microsoft, inbound(token("next", NOW)), channel)
    assert len(microsoft.heard) == 2
    microsoft.keys = ("next",)
    take(microsoft, inbound(token("next", NOW + 301)), channel, NOW + 301)
    with pytest.raises(Problem):
        take(microsoft, inbound(token("current", NOW + 302)), channel, NOW + 302)


def test_known_keys_serve_while_microsoft_is_away() -> None:
    microsoft, channel = Microsoft("current"), Teams(SETTINGS)
    take(microsoft, inbound(token("current", NOW)), channel)
    microsoft.is_away = True
    take(microsoft, inbound(token("current", NOW + 90_000)), channel, NOW + 90_000)
    with pytest.raises(NotNow):
        take(microsoft, inbound(token("current", NOW)), Teams(SETTINGS))


def test_a_message_is_read_with_where_to_answer() -> None:
    [said] = Teams(SETTINGS).decode(inbound("", locale="zh-CN"))
    assert (said.conversation_id, said.text, said.message_id) == ("teams:a:ann", "你好", "7")
    assert said.metadata == {"service": SERVICE, "bot": "28:bot", "locale": "zh-CN"}


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "conversationUpdate"},
        {"type": "typing"},
        {"conversation": {"id": "19:group", "conversationType": "groupChat"}},
        {"conversation": {"id": "19:team", "conversationType": "channel"}},
        {"channelId": "directline"},
    ],
)
def test_what_is_not_said_to_the_bot_alone_is_not_answered(fields: dict[str, Any]) -> None:
    assert Teams(SETTINGS).decode(inbound("", **fields)) == []


def test_files_and_pictures_come_along() -> None:
    download = "https://shop-my.sharepoint.com/x?tempauth=1"
    info = {"downloadUrl": download, "fileType": "pdf"}
    files = [
        {"contentType": "application/vnd.microsoft.teams.file.download.info", "name": "a.pdf", "content": info},
        {"contentType": "image/png", "contentUrl": f"{SERVICE}v3/attachments/1/views/original"},
        {"contentType": "text/html", "content": "<p>你好</p>"},
    ]
    [said] = Teams(SETTINGS).decode(inbound("", attachments=files, text=""))
    assert [(one.kind, one.reference) for one in said.attachments] == [
        ("file", download),
        ("image", f"{SERVICE}v3/attachments/1/views/original"),
    ]


def test_only_a_picture_is_fetched_with_our_token_and_nothing_from_elsewhere() -> None:
    microsoft = Microsoft()

    async def fetch(reference: str) -> str:
        async with microsoft.client() as http:
            await Teams(SETTINGS).fetch(http, Attachment("image", reference))
        return str(microsoft.heard[-1].headers.get("authorization", ""))

    assert asyncio.run(fetch(f"{SERVICE}v3/attachments/1/views/original")) == "Bearer lent"
    assert asyncio.run(fetch("https://shop-my.sharepoint.com/x?tempauth=1")) == ""
    with pytest.raises(Rejected):
        asyncio.run(fetch("https://evil.example/x"))


TO = Recipient("a:ann", latest={"service": SERVICE, "bot": "28:bot"})


def rendered(message: BotMessage) -> Activity:
    call = Teams(SETTINGS).render(Part(message, "k-1", 1), TO)
    assert call.url == f"{SERVICE}v3/conversations/a%3Aann/activities"
    return Activity.model_validate_json(call.body)


def test_our_token_goes_to_microsofts_hosts_only() -> None:
    for service in (
        "https://evil.example/",
        "http://smba.trafficmanager.net/",
        "https://smba.trafficmanager.net.e/",
        "",
    ):
        with pytest.raises(Rejected, match="KEFU_TEAMS_SERVICE_HOSTS"):
            Teams(SETTINGS).render(Part(BotMessage(text="x"), "k", 1), Recipient("a:ann", latest={"service": service}))


def test_a_text_goes_out_as_it_is() -> None:
    shown = rendered(BotMessage(text="2 * 3 * 4 _is_ 24"))
    assert (shown.text, shown.text_format) == ("2 * 3 * 4 _is_ 24", "plain")


def test_buttons_and_cards_are_adaptive_cards_that_answer_with_the_words() -> None:
    shown = rendered(BotMessage(text="Sure?\n\nReally?", buttons=(Button("Yes", "yes please"),)))
    [card] = shown.attachments or []
    assert text_of(shown) == "Sure?\nReally?"
    pressed = {"type": "messageBack", "displayText": "Yes", "text": "yes please"}
    content: Any = card.content
    assert content["actions"] == [{"type": "Action.Submit", "title": "Yes", "data": {"msteams": pressed}}]
    two = rendered(BotMessage(cards=(Card("Shoe", "warm", "https://s.example/a.png", "¥99"), Card("Hat"))))
    assert two.attachment_layout == "carousel"
    first: Any = (two.attachments or [])[0].content
    assert [block["type"] for block in first["body"]] == ["Image", *["RichTextBlock"] * 3]


def send(microsoft: Microsoft, settings: TeamsSettings = SETTINGS) -> str:
    async def work() -> str:
        channel = Teams(settings)
        async with microsoft.client() as http:
            return await channel.deliver(http, Part(BotMessage(text="Hello"), "k-1", 1), TO)

    return asyncio.run(work())


def test_a_stale_token_is_lent_anew_once() -> None:
    microsoft = Microsoft()
    microsoft.answers = [httpx.Response(401)]
    assert send(microsoft) == "1:sent"
    assert len([one for one in microsoft.heard if one.url.path.endswith("token")]) == 2


def test_the_secret_before_serves_while_the_new_one_is_unknown() -> None:
    microsoft = Microsoft()
    microsoft.secret = "the-one-before"
    assert send(microsoft, SETTINGS.model_copy(update={"previous_app_secret": SecretStr("the-one-before")})) == "1:sent"
    with pytest.raises(Rejected, match="do not belong together"):
        send(microsoft)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(429, NotNow), (412, NotNow), (503, NotNow), (502, Uncertain), (504, Uncertain), (403, Rejected), (413, Rejected)],
)
def test_what_microsoft_does_not_take_is_known(status: int, expected: type[SendError]) -> None:
    microsoft = Microsoft()
    microsoft.answers = [httpx.Response(status, headers={"retry-after": "7"})]
    with pytest.raises(expected) as caught:
        send(microsoft)
    if status == 429:
        assert isinstance(caught.value, NotNow) and caught.value.retry_after_seconds == 7


def test_an_app_that_microsoft_does_not_know_is_said() -> None:
    async def check(microsoft: Microsoft) -> list[str]:
        async with microsoft.client() as http:
            return await Teams(SETTINGS).check(http, "http://kefu.example/webhooks/teams")

    microsoft = Microsoft()
    assert asyncio.run(check(microsoft)) == [
        "Microsoft delivers to https only, not to http://kefu.example/webhooks/teams."
    ]
    microsoft.secret = "another"
    assert "KEFU_TEAMS_APP_ID" in asyncio.run(check(microsoft))[1]
