"""Chatwoot: its signature, the states of its conversations, its options and cards, its attachments."""

import asyncio
from typing import Any

import httpx
import orjson
import pytest
from pydantic import SecretStr, ValidationError

from bot.channels.chatwoot import Chatwoot, ChatwootSettings
from bot.messages import Attachment, BotMessage, Button, Card
from bot.messaging.channel import Fetched, Handover, Inbound, Part, Recipient
from bot.messaging.errors import Rejected
from bot.problem import Problem
from tests.contracts.platforms.chatwoot import signed

SECRET, NOW = "the-webhook-secret", 1_700_000_000


def channel(**fields: str) -> Chatwoot:
    secrets = {name: SecretStr(value) for name, value in fields.items()}
    return Chatwoot(ChatwootSettings(url="https://chatwoot.example", token=SecretStr("a-bot-token"), **secrets))  # type: ignore[arg-type]


SIGNED = channel(secret=SECRET)


def payload(status: str = "pending", inbox: str = "Channel::WebWidget", **fields: Any) -> dict[str, Any]:
    browser = {"browser_language": "zh-CN"}
    conversation = {"id": 42, "status": status, "channel": inbox, "additional_attributes": browser}
    said = {"event": "message_created", "id": 77, "content": "你好", "message_type": "incoming", "private": False}
    return {**said, "account": {"id": 3}, "conversation": conversation, **fields}


def inbound(fields: dict[str, Any], at: int = NOW, secret: str = SECRET) -> Inbound:
    delivered = signed(orjson.dumps(fields), at, secret)
    return Inbound(headers=delivered.headers, body=delivered.body)


def test_a_signature_is_made_over_the_time_and_the_body() -> None:
    SIGNED.verify(inbound(payload()), NOW)
    channel(secret="another-secret", previous_secret=SECRET).verify(inbound(payload()), NOW)
    moved = inbound(payload())
    for wrong in (
        inbound(payload(), secret="another-secret"),
        inbound(payload(), at=NOW - 301),
        Inbound(headers={**moved.headers, "x-chatwoot-timestamp": str(NOW + 1)}, body=moved.body),
        Inbound(body=moved.body),
    ):
        with pytest.raises(Problem, match="401"):
            SIGNED.verify(wrong, NOW)


def test_what_is_not_signed_is_taken_only_with_the_key_and_only_where_one_is_set() -> None:
    unsigned = Inbound(query={"key": "a-key-of-my-own"}, body=b"{}")
    channel(key="a-key-of-my-own").verify(unsigned, NOW)
    for one, request in (
        (SIGNED, unsigned),
        (channel(key="another-key"), unsigned),
        (channel(key="a-key-of-my-own"), Inbound(body=b"{}")),
        (channel(key="a-key-of-my-own"), Inbound(headers={"x-chatwoot-signature": "sha256=0"}, query=unsigned.query)),
    ):
        with pytest.raises(Problem, match="401"):
            one.verify(request, NOW)


def test_without_secret_and_key_it_does_not_start() -> None:
    with pytest.raises(ValidationError, match="KEFU_CHATWOOT_SECRET"):
        channel()


def test_a_customers_message_is_read() -> None:
    [said] = SIGNED.decode(inbound(payload()))
    assert (said.conversation_id, said.text, said.message_id) == ("chatwoot:3.42", "你好", "77")
    assert said.metadata["locale"] == "zh-CN"


@pytest.mark.parametrize(
    "fields",
    [
        payload("open"),
        payload("resolved"),
        payload("snoozed"),
        payload(message_type="outgoing"),
        payload(message_type="template"),
        payload(private=True),
        payload(event="conversation_opened"),
        {"event": "webwidget_triggered", "id": 1},
        {"event": "conversation_resolved", "id": 42, "status": "resolved"},
    ],
)
def test_what_is_not_for_the_bot_is_not_answered(fields: dict[str, Any]) -> None:
    assert SIGNED.decode(inbound(fields)) == []


def test_a_chosen_option_is_a_message_once() -> None:
    chosen = {"submitted_values": [{"title": "Yes", "value": "yes please"}]}
    updated = payload(event="message_updated", message_type="template", content_type="input_select")
    [said] = SIGNED.decode(inbound({**updated, "content_attributes": chosen}))
    assert (said.text, said.message_id) == ("yes please", "77:chosen")
    assert SIGNED.decode(inbound(updated)) == []


def test_attachments_come_along_and_places_do_not() -> None:
    files = [
        {"file_type": "image", "data_url": "https://chatwoot.example/rails/blobs/x/broken%20shoe.png", "file_size": 9},
        {"file_type": "location", "coordinates_lat": 1.0, "data_url": None},
    ]
    [said] = SIGNED.decode(inbound(payload(content=None, attachments=files)))
    [attachment] = said.attachments
    assert (attachment.kind, attachment.size, attachment.name) == ("image", 9, "broken shoe.png")
    assert said.metadata["problem"] == "files"


def test_attachments_are_fetched_from_chatwoot_and_nowhere_else() -> None:
    def serve(request: httpx.Request) -> httpx.Response:
        assert "api_access_token" not in request.headers
        if request.url.host == "chatwoot.example":
            return httpx.Response(302, headers={"location": "https://files.example/x"})
        return httpx.Response(200, content=b"png", headers={"content-type": "image/png"})

    async def fetched(one: Chatwoot, reference: str) -> bytes:
        async with httpx.AsyncClient(transport=httpx.MockTransport(serve)) as http:
            return (await one.fetch(http, Attachment("image", reference, name="x.png"))).content

    fields = {"secret": SecretStr(SECRET), "token": SecretStr("a-bot-token"), "attachment_hosts": "files.example"}
    allowed = Chatwoot(ChatwootSettings(url="https://chatwoot.example", **fields))  # type: ignore[arg-type]
    assert asyncio.run(fetched(allowed, "https://chatwoot.example/rails/x.png")) == b"png"
    for one, reference in (
        (SIGNED, "https://chatwoot.example/rails/x.png"),
        (allowed, "http://169.254.169.254/latest"),
    ):
        with pytest.raises(Rejected):
            asyncio.run(fetched(one, reference))


def rendered(message: BotMessage) -> Any:
    call = SIGNED.render(Part(message, "k-1", 1), Recipient("3.42"))
    assert call.url == "https://chatwoot.example/api/v1/accounts/3/conversations/42/messages"
    return orjson.loads(call.body)


def test_buttons_are_options_and_a_cards_buttons_too() -> None:
    items = [{"title": "Yes", "value": "yes please"}]
    assert rendered(BotMessage(text="Sure?", buttons=(Button("Yes", "yes please"),))) == {
        "message_type": "outgoing",
        "content": "Sure?",
        "content_type": "input_select",
        "content_attributes": {"items": items},
    }
    cards = rendered(BotMessage(cards=(Card("Shoe", price="¥99"),)))
    assert cards["content_type"] == "cards"
    assert cards["content_attributes"]["items"][0]["description"] == "¥99"
    chosen = rendered(BotMessage(cards=(Card("Shoe", buttons=(Button("Buy", "buy the shoe"),)),)))
    assert chosen["content_attributes"]["items"] == [{"title": "Buy: Shoe", "value": "buy the shoe"}]
    assert chosen["content"] == "· Shoe"


def test_an_inbox_that_drops_options_gets_text() -> None:
    assert SIGNED.shows({"inbox": "Channel::Sms"}).buttons == 0
    assert SIGNED.shows({"inbox": "Channel::WebWidget"}).buttons == 20
    assert SIGNED.shows({"inbox": "Channel::Whatsapp"}).title_limit == 20


class Peer:
    """A Chatwoot that has one conversation, in this state, and keeps what it is told."""

    def __init__(self, status: str, tells_bots: bool = True) -> None:
        self.status = status
        self.tells_bots = tells_bots
        self.heard: list[tuple[str, Any]] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            told = {"id": 42, "status": self.status}
            refusal = {"error": "Access to this endpoint is not authorized for bots"}
            return httpx.Response(200, json=told) if self.tells_bots else httpx.Response(401, json=refusal)
        self.heard.append((request.url.path.rpartition("/")[2], request.content))
        return httpx.Response(200, json={"id": 9})

    def deliver(self, part: Part, owner: str, one: Chatwoot = SIGNED) -> str:
        async def work() -> str:
            async with httpx.AsyncClient(transport=httpx.MockTransport(self.answer)) as http:
                return await one.deliver(http, part, Recipient("3.42", owner=owner))

        return asyncio.run(work())


LINE = Part(BotMessage(text="Hello"), "k-1", 1)


def test_a_line_of_the_bots_does_not_go_out_once_a_person_has_opened_the_conversation() -> None:
    for status in ("open", "resolved", "snoozed"):
        peer = Peer(status)
        with pytest.raises(Rejected, match="a person has the conversation"):
            peer.deliver(LINE, "bot")
        assert peer.heard == []
    for peer in (Peer("pending"), Peer("open", tells_bots=False)):
        assert peer.deliver(LINE, "bot") == "9"


def test_a_conversation_that_needs_a_person_is_opened_before_the_customer_is_told() -> None:
    peer = Peer("pending")
    peer.deliver(LINE, "queue")
    assert [path for path, _ in peer.heard] == ["toggle_status", "messages"]
    assert orjson.loads(peer.heard[0][1]) == {"status": "open"}


def test_it_stays_pending_where_kefus_own_people_answer() -> None:
    own = Chatwoot(SIGNED.settings.model_copy(update={"hands_over": False}))
    for owner in ("queue", "agent"):
        peer = Peer("pending")
        peer.deliver(LINE, owner, own)
        assert [path for path, _ in peer.heard] == ["messages"]


def test_a_file_goes_out_as_a_form() -> None:
    peer = Peer("pending")
    file = Attachment("file", "https://kefu.example/attachments/1", "invoice.pdf", "application/pdf")
    contents = {file.reference: Fetched(b"%PDF-1.4", "application/pdf", "invoice.pdf")}
    peer.deliver(Part(BotMessage(files=(file,)), "k-1", 1, contents), "bot")
    [(path, body)] = peer.heard
    assert path == "messages"
    assert b'name="attachments[]"; filename="invoice.pdf"' in body and b"%PDF-1.4" in body


def status_changed(status: str, **fields: Any) -> dict[str, Any]:
    return {"event": "conversation_status_changed", "id": 42, "status": status, "account": {"id": 3}, **fields}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (status_changed("open", meta={"assignee": {"name": "Li"}}), [Handover("3.42", "agent", "Li")]),
        (status_changed("open"), []),
        (status_changed("resolved", account=None, messages=[{"account_id": 3}]), [Handover("3.42", "resolved")]),
        (status_changed("pending"), [Handover("3.42", "bot")]),
        (status_changed("resolved"), [Handover("3.42", "resolved")]),
        (status_changed("snoozed"), []),
        (status_changed("open", account=None), []),
        (payload(message_type="outgoing", sender={"type": "user", "name": "Li"}), [Handover("3.42", "agent", "Li")]),
        (payload(message_type="outgoing", sender={"type": "user"}, private=True), []),
        (payload(message_type="outgoing", sender={"type": "agent_bot", "name": "Kefu"}), []),
        (payload(sender={"type": "contact"}), []),
    ],
)
def test_who_has_the_conversation_is_heard(fields: dict[str, Any], expected: list[Handover]) -> None:
    assert SIGNED.ownership(inbound(fields)) == expected
