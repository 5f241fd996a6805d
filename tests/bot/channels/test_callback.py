"""Rasa's callback channel: its shapes in and out, its optional token."""

import orjson
import pytest
from pydantic import SecretStr

from bot.channels.callback import Callback, CallbackSettings
from bot.messages import Attachment, BotMessage, Button, Card
from bot.messaging.channel import Inbound, Part, Recipient
from bot.messaging.fitting import fit
from bot.problem import Problem

OPEN = Callback(CallbackSettings(url="https://shop.example/rasa"))
CLOSED = Callback(CallbackSettings(url="https://shop.example/rasa", token=SecretStr("a-bearer-token")))


def inbound(**fields: object) -> Inbound:
    return Inbound(body=orjson.dumps(fields))


def test_what_rasas_clients_post_is_read() -> None:
    [said] = OPEN.decode(inbound(sender="ann", message="你好", metadata={"page": "/cart"}, input_channel="x"))
    assert (said.conversation_id, said.text, said.metadata["page"]) == ("callback:ann", "你好", "/cart")
    assert OPEN.answer(inbound()).body == b"success"


def test_a_message_without_an_id_is_new_every_time_and_one_with_an_id_keeps_it() -> None:
    without = [OPEN.decode(inbound(sender="ann", message="hi"))[0].message_id for _ in range(2)]
    assert without[0] != without[1]
    assert OPEN.decode(inbound(sender="ann", message="hi", message_id="7"))[0].message_id == "7"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 422),
        (b'{"sender": "", "message": "hi"}', 422),
        (b'{"sender": 7, "message": "hi"}', 422),
        (b'{"message": "hi"}', 422),
        (b'{"sender": "ann", "message": "hi", "message_id": ""}', 422),
    ],
)
def test_what_is_of_another_shape_is_a_problem(body: bytes, status: int) -> None:
    with pytest.raises(Problem, match=str(status)):
        OPEN.decode(Inbound(body=body))


def test_the_token_is_asked_for_only_where_one_is_set() -> None:
    OPEN.verify(inbound(), 0)
    CLOSED.verify(Inbound(headers={"authorization": "Bearer a-bearer-token"}), 0)
    for given in ("a-bearer-token", "Bearer another-token", "Basic a-bearer-token", ""):
        with pytest.raises(Problem, match="401"):
            CLOSED.verify(Inbound(headers={"authorization": given}), 0)


def test_each_part_is_shown_as_rasa_shows_it() -> None:
    def posted(message: BotMessage) -> object:
        return orjson.loads(OPEN.render(Part(message, "k-1", 1), Recipient("ann")).body)

    assert posted(BotMessage(text="Hello")) == {"recipient_id": "ann", "text": "Hello"}
    button = {"title": "Yes", "payload": "yes"}
    assert posted(BotMessage(text="Sure?", buttons=(Button("Yes", "yes"),)))["buttons"] == [button]  # type: ignore[index]
    assert posted(BotMessage(image="https://shop.example/a.png")) == {
        "recipient_id": "ann",
        "image": "https://shop.example/a.png",
    }
    assert posted(BotMessage(cards=(Card("Shoe"),)))["custom"]["cards"][0]["title"] == "Shoe"  # type: ignore[index]
    [photo] = fit(BotMessage(files=(Attachment("image", "https://kefu.example/files/7", "a.png"),)), Callback.can)
    assert posted(photo) == {"recipient_id": "ann", "image": "https://kefu.example/files/7"}
    assert posted(BotMessage(custom={"a": 1})) == {"recipient_id": "ann", "custom": {"a": 1}}


def test_an_address_in_the_payload_is_never_used() -> None:
    [said] = OPEN.decode(inbound(sender="ann", message="hi", url="https://evil.example", callback_url="x"))
    call = OPEN.render(Part(BotMessage(text="Hello"), "k-1", 1), Recipient(said.sender_id, latest=said.metadata))
    assert call.url == "https://shop.example/rasa"
    assert call.headers["idempotency-key"] == "k-1"
