"""Signed webhooks: the known vector, and the reference library both ways."""

import base64
from datetime import UTC, datetime

import orjson
import pytest
from pydantic import ValidationError
from standardwebhooks import Webhook as Reference

from bot.channels.webhook import Webhook, WebhookSettings
from bot.messages import BotMessage, Button, Card
from bot.messaging.channel import Inbound, Part, Recipient
from bot.messaging.standard_webhooks import signature
from bot.problem import Problem

DOCUMENTED = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD = "whsec_" + base64.b64encode(b"the secret before this one").decode()
NOW = 1_700_000_000


def channel(**fields: str) -> Webhook:
    given = {"url": "https://shop.example/kefu", "secret": DOCUMENTED, **fields}
    return Webhook(WebhookSettings.model_validate(given))


def inbound(body: bytes, secret: str = DOCUMENTED, message_id: str = "msg_1") -> Inbound:
    made = Reference(secret).sign(message_id, datetime.fromtimestamp(NOW, UTC), body.decode())
    headers = {"webhook-id": message_id, "webhook-timestamp": str(NOW), "webhook-signature": made}
    return Inbound(headers=headers, body=body)


def test_the_known_signature_is_made() -> None:
    made = signature(DOCUMENTED, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    assert made == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_one_of_several_signatures_is_enough() -> None:
    request = inbound(b"{}")
    several = {**request.headers, "webhook-signature": f"v1,bm9uZQ== v1a,x {request.header('webhook-signature')}"}
    channel().verify(Inbound(headers=several, body=b"{}"), NOW)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_every_header_is_needed_and_signed(name: str) -> None:
    request = inbound(b"{}")
    for value in ("", "msg_2", str(NOW + 1), "v1,", "v1,x"):
        with pytest.raises(Problem, match="401"):
            channel().verify(Inbound(headers={**request.headers, name: value}, body=b"{}"), NOW)


def test_the_reference_library_accepts_what_kefu_sends_with_either_secret() -> None:
    message = BotMessage(text="您好", buttons=(Button("Yes", "yes"),), cards=(Card("Mug"),))
    call = channel(previous_secret=OLD).render(Part(message, "kefu-7-0", 3), Recipient("ann"))
    for secret in (DOCUMENTED, OLD):
        Reference(secret).verify(call.body, dict(call.headers))
    assert call.headers["webhook-id"] == "kefu-7-0"
    assert orjson.loads(call.body)["recipient_id"] == "ann"


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[]", 422), (b"{}", 422), (b'{"sender": "ann"}', 422), (b'{"sender": "", "message": "x"}', 422)],
)
def test_a_signed_body_of_another_shape_is_a_problem(body: bytes, status: int) -> None:
    with pytest.raises(Problem) as problem:
        channel().decode(inbound(body))
    assert problem.value.status == status


def test_nobody_can_say_of_themselves_who_is_signed_in() -> None:
    body = orjson.dumps({"sender": "ann", "message": "hi", "metadata": {"signed_as": "bob", "page": "/cart"}})
    [message] = channel().decode(inbound(body))
    assert dict(message.metadata) == {"page": "/cart"}


@pytest.mark.parametrize("secret", ["whsec_", "whsec_c2hvcnQ=", "no prefix but long enough to be one", "whsec_%%%%%%"])
def test_a_secret_that_is_none_is_refused(secret: str) -> None:
    with pytest.raises(ValidationError):
        channel(secret=secret)
