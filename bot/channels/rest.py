"""Rasa's REST channel: one POST with a message, the replies in its answer.

    POST /webhooks/rest/webhook   {"sender", "message", "metadata"?, "message_id"?}
                                  → [{"recipient_id", "text"?, "buttons"?}, {…, "image"}, {…, "attachment"} …]

A `message_id` seen before gets the first one's replies again, also while those are being worked on. What was said
since the last answer (by a person; by Kefu, where it was killed before it could answer) comes first in the next one.
`metadata.identity_token` says who the customer is. An empty or overlong message is a customer's slip and gets a polite
reply; a request that is not of this shape is a developer's and gets problem+json.
"""

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.channels.base import Reception, check_id, make_message, proof
from bot.conversation.attachments import stored_id
from bot.conversation.outbox import encode_button, encode_card
from bot.identity import IdentityError, verify
from bot.messages import Attachment, BotMessage, Button, UserMessage
from bot.messaging.fitting import choices_of
from bot.messaging.links import Links
from bot.problem import Problem
from bot.settings import Settings
from bot.shortcut import is_shortcut

NAME: Final = "rest"
FIELDS: Mapping[str, tuple[type, str]] = {
    "sender": (str, "a string"),
    "message": (str, "a string"),
    "metadata": (dict, "an object"),
    "message_id": (str, "a string"),
}
REQUIRED = ("sender", "message")
REPLY = {
    "type": "object",
    "required": ["recipient_id"],
    "properties": {
        "recipient_id": {"type": "string"},
        "text": {"type": "string"},
        "image": {"type": "string"},
        "buttons": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"title": {"type": "string"}, "payload": {"type": "string"}},
            },
        },
        "attachment": {"type": "object"},
        "custom": {"type": "object"},
    },
}
SCHEMA = {
    "responses": {"200": {"content": {"application/json": {"schema": {"type": "array", "items": REPLY}}}}},
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": list(REQUIRED),
                    "properties": {
                        "sender": {"type": "string", "minLength": 1, "maxLength": 255},
                        "message": {"type": "string"},
                        "metadata": {"type": "object", "properties": {"identity_token": {"type": "string"}}},
                        "message_id": {"type": "string", "minLength": 1, "maxLength": 255},
                    },
                }
            }
        },
    },
}


def router(reception: Reception, settings: Settings, links: Links) -> APIRouter:
    routes = APIRouter(tags=["rest channel"])

    @routes.get("/webhooks/rest/", summary="Is the channel there?")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @routes.post("/webhooks/rest/webhook", summary="Say something, get the replies", openapi_extra=SCHEMA)
    async def webhook(request: Request) -> Response:
        message = decode(await request.body(), settings)
        lines = await reception.receive(message, catch_up=True)
        reception.sent(lines)
        replies = [part for line in lines for part in render(message.sender_id, line.message, links)]
        return Response(orjson.dumps(replies), media_type="application/json")

    return routes


def decode(body: bytes, settings: Settings) -> UserMessage:
    """The message in a request body. Raises Problem: 400 not JSON, 401 bad identity, 422 wrong fields."""
    fields = check_fields(parse_json(body))
    text, metadata = fields["message"], dict(fields.get("metadata") or {})
    if is_shortcut(text) and not settings.allow_intent_shortcut:
        detail = "/intent{…} is off: send the customer's words, or set KEFU_ALLOW_INTENT_SHORTCUT=true in a test."
        raise Problem(400, "Intent shortcut refused", detail)
    proven = prove(metadata.pop("identity_token", None), settings)
    return make_message(
        NAME,
        check_id("sender", fields["sender"]),
        text,
        check_id("message_id", fields["message_id"]) if fields.get("message_id") is not None else None,
        metadata,
        settings.text_limit_characters,
        proven,
    )


def parse_json(body: bytes) -> object:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        problem = str(error)
    try:  # orjson refuses lone surrogates, which the standard library reads and `clean` then drops
        return json.loads(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise Problem(400, "Not UTF-8", "The body must be JSON in UTF-8.") from None
    except (ValueError, RecursionError):
        raise Problem(400, "Malformed JSON", f"The body is not JSON: {problem}.") from None


def check_fields(body: object) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise Problem(422, "Unprocessable body", 'The body must be a JSON object like {"sender": …, "message": …}.')
    errors = []
    for name, (kind, words) in FIELDS.items():
        value = body.get(name)
        if (value is None and name in REQUIRED) or (value is not None and not isinstance(value, kind)):
            errors.append({"field": name, "message": f"{name} must be {words}."})
    if errors:
        raise Problem(422, "Unprocessable field", " ".join(error["message"] for error in errors), errors)
    return body


def prove(token: object, settings: Settings) -> dict[str, str | float | None]:
    """What an identity token proves; nothing without one. Raises Problem 401."""
    if token is None:
        return {}
    secret = settings.identity_secret
    try:
        if not isinstance(token, str):
            raise IdentityError("the identity token must be a string")
        identity = verify(token, secret.get_secret_value() if secret else None)
    except IdentityError as error:
        raise Problem(401, "Identity not proven", f"{error}.") from None
    return proof(identity)


def attachment(file: Attachment, links: Links) -> dict[str, Any]:
    """With an address that is good for three days; where Kefu does not know its own, one within Kefu."""
    number = stored_id(file.reference)
    source = file.reference if number is None else links.address(number, time.time())
    return {"type": file.kind, "payload": {"src": source, "title": file.name}}


def render(recipient_id: str, message: BotMessage, links: Links) -> Iterator[dict[str, Any]]:
    """Rasa's shape: text with buttons, image, attachments, custom, each an object of its own; cards go as custom."""
    to = {"recipient_id": recipient_id}
    offered = [encode_button(Button(one.title, one.payload)) for one in choices_of(message)]
    if message.text or offered:
        yield {**to, "text": message.text or "", **({"buttons": offered} if offered else {})}
    if message.image:
        yield {**to, "image": message.image}
    for file in message.files:
        yield {**to, "attachment": attachment(file, links)}
    custom = dict(message.custom or {})
    if message.cards:
        custom["cards"] = [encode_card(card) for card in message.cards]
    if custom:
        yield {**to, "custom": custom}
