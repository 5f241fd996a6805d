"""Rasa's callback channel: a message comes by one POST, what Kefu answers goes out by others, one for each.

    in    POST /webhooks/callback/webhook  {"sender", "message", "metadata"?, "message_id"?}
    out   {"recipient_id", "text", "buttons"?} | {…, "image"} | {…, "custom"} to KEFU_CALLBACK_URL, and nowhere else

A sender that tries again should repeat its `message_id`: Rasa has none, and without one it is another message.
Kefu's part key goes along as Idempotency-Key; Rasa's receivers do not know it, so what may have arrived stays unsure.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import orjson
from pydantic import Field, SecretStr

from bot.channels.base import check_id, make_message, nobody_at
from bot.conversation.outbox import encode_button, encode_card
from bot.messages import BotMessage, UserMessage
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Answer, Channel, ChannelSettings, Inbound, Part, Recipient
from bot.messaging.sending import Call
from bot.messaging.signatures import any_matches, refused
from bot.problem import Problem

BEARER = "Bearer "


class CallbackSettings(ChannelSettings):
    """The backend that speaks Rasa's callback channel."""

    url: str = Field(
        description="Where Kefu posts what it says, e.g. `https://shop.example/rasa`.", pattern="^https?://"
    )
    token: SecretStr | None = Field(
        default=None,
        description="Bearer token that your backend shows. Without it anybody who reaches Kefu may write; what is "
        "answered goes to your address in any case.",
    )
    previous_token: SecretStr | None = Field(
        default=None, description="The token before: also accepted while you change it."
    )
    url_token: SecretStr | None = Field(default=None, description="Bearer token that Kefu shows to your backend.")


class Callback(Channel[CallbackSettings]):
    name = "callback"
    path = "/webhook"
    Settings = CallbackSettings
    can = Capabilities(text_limit=100_000, buttons=100, title_limit=1_000, cards=True, images=True)

    def verify(self, request: Inbound, now: float) -> None:  # noqa: ARG002
        tokens = [one for one in (self.settings.token, self.settings.previous_token) if one]
        given = request.header("authorization")
        shown = [given.removeprefix(BEARER)] if given.startswith(BEARER) else []
        if request.method != "POST" or (tokens and not any_matches(tokens, shown, lambda token: token)):
            raise refused(self.name)

    def decode(self, request: Inbound) -> Sequence[UserMessage]:
        fields = fields_of(request.body)
        metadata, message_id = fields.get("metadata"), fields.get("message_id")
        return [
            make_message(
                self.name,
                check_id("sender", fields["sender"]),
                fields["message"],
                None if message_id is None else check_id("message_id", str(message_id)),
                metadata if isinstance(metadata, dict) else {},
                self.text_limit,
            )
        ]

    def answer(self, request: Inbound) -> Answer:  # noqa: ARG002
        """The word that Rasa answers."""
        return Answer(b"success")

    def render(self, part: Part, to: Recipient) -> Call:
        token = self.settings.url_token
        shown_token = {"authorization": BEARER + token.get_secret_value()} if token else {}
        headers = {"content-type": "application/json", "idempotency-key": part.key, **shown_token}
        return Call(self.settings.url, orjson.dumps({"recipient_id": to.sender_id, **shown(part.message)}), headers)

    def sent_id(self, response: httpx.Response) -> str:  # noqa: ARG002
        return ""

    async def check(self, http: httpx.AsyncClient, url: str | None) -> list[str]:  # noqa: ARG002
        return await nobody_at(http, "KEFU_CALLBACK_URL", self.settings.url)


def fields_of(body: bytes) -> dict[str, Any]:
    """Raises Problem 400 for what is no JSON, and 422 for another shape."""
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Problem(400, "Malformed JSON", "The body is not JSON.") from None
    if not isinstance(fields, dict) or not all(isinstance(fields.get(name), str) for name in ("sender", "message")):
        raise Problem(422, "Unprocessable body", 'The body must be an object like {"sender": …, "message": …}.')
    return fields


def shown(message: BotMessage) -> Mapping[str, Any]:
    """Rasa's shape of one fitted message; cards travel as custom."""
    if message.image:
        return {"image": message.image}
    if message.cards:
        return {"custom": {"cards": [encode_card(card) for card in message.cards]}}
    if message.custom:
        return {"custom": dict(message.custom)}
    buttons = {"buttons": [encode_button(button) for button in message.buttons]} if message.buttons else {}
    return {"text": message.text or "", **buttons}
