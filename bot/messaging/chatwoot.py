"""Chatwoot's signature and the calls of its API: what its channel and handing conversations to it share.

A conversation is named by its account and the number that its screen shows (`display_id`); the token is a bot's, which
may do little more than this, or a person's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from pydantic import SecretStr

from bot.messaging.channel import Fetched, Inbound
from bot.messaging.sending import Call
from bot.messaging.signatures import any_matches, hmac_sha256, is_fresh
from bot.messaging.uploads import upload

Status = Literal["open", "pending", "resolved", "snoozed"]


def signature(secret: str, timestamp: str, body: bytes) -> str:
    return "sha256=" + hmac_sha256(secret.encode(), f"{timestamp}.".encode("utf-8", "surrogateescape") + body).hex()


def is_signed(request: Inbound, secrets: Sequence[SecretStr], now: float) -> bool:
    """Whether Chatwoot (4.13, account webhooks from 4.11.2) signed these bytes, now, with one of the secrets."""
    timestamp, given = request.header("x-chatwoot-timestamp"), request.header("x-chatwoot-signature")
    made = any_matches(secrets, [given], lambda secret: signature(secret, timestamp, request.body))
    return is_fresh(timestamp, now) and made


@dataclass(frozen=True)
class Api:
    """One Chatwoot. `account` and `conversation` are numbers, as text."""

    url: str
    token: SecretStr

    def say(self, account: str, conversation: str, fields: Mapping[str, Any]) -> Call:
        """A message of the token's owner; `fields` are Chatwoot's own: content, content_type, private …"""
        return self.post(f"{account}/conversations/{conversation}/messages", {"message_type": "outgoing", **fields})

    def send_file(self, account: str, conversation: str, file: Fetched) -> Call:
        """A message that is a file."""
        call = self.post(f"{account}/conversations/{conversation}/messages", {})
        form = upload(call.url, "attachments[]", file, {"message_type": "outgoing"})
        return Call(form.url, form.body, {**call.headers, **form.headers})

    def set_status(self, account: str, conversation: str, status: Status) -> Call:
        """`open` hands a bot's conversation to Chatwoot's people, `pending` gives it back to the bot."""
        return self.post(f"{account}/conversations/{conversation}/toggle_status", {"status": status})

    def show_typing(self, account: str, conversation: str) -> Call:
        return self.post(f"{account}/conversations/{conversation}/toggle_typing_status", {"typing_status": "on"})

    def conversation(self, account: str, conversation: str) -> Call:
        """Asks for a conversation's state. Older versions do not tell it to bots, and answer 401."""
        return self.get(f"{account}/conversations/{conversation}")

    def get(self, path: str) -> Call:
        """Asks for something of an account's: `path` begins with the account."""
        return Call(f"{self.url.rstrip('/')}/api/v1/accounts/{path}", headers=self._headers(), method="GET")

    def post(self, path: str, fields: Mapping[str, Any]) -> Call:
        return Call(f"{self.url.rstrip('/')}/api/v1/accounts/{path}", orjson.dumps(fields), self._headers())

    def _headers(self) -> dict[str, str]:
        return {"content-type": "application/json", "api_access_token": self.token.get_secret_value()}
