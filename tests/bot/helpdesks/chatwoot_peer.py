"""Chatwoot, as its published API description and its webhooks have it: one account, one inbox of the kind API."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
from pydantic import SecretStr

from tests.bot.helpdesks.peer import SECRETS, Case, End, Peer
from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import Delivered
from tests.contracts.platforms.chatwoot import signed

TOKEN = "an-access-token-of-tests"
ACCOUNT, INBOX = 3, 7


def ok(fields: Any) -> Reply:
    return Reply(200, orjson.dumps(fields))


class ChatwootPeer(Peer):
    name = "chatwoot"

    def __init__(self) -> None:
        super().__init__()
        self.contacts: list[dict[str, Any]] = []
        self.conversations: list[dict[str, Any]] = []
        self.messages: dict[str, list[dict[str, Any]]] = {}

    def settings(self, url: str) -> dict[str, Any]:
        ours = {"handoff_account": str(ACCOUNT), "handoff_inbox": str(INBOX), "handoff_token": SecretStr(TOKEN)}
        return {**super().settings(url), **ours}

    def answer(self, heard: Heard) -> Reply:
        assert heard.headers["api_access_token"] == TOKEN
        where = urlsplit(heard.path)
        path = where.path.removeprefix(f"/api/v1/accounts/{ACCOUNT}/")
        fields = orjson.loads(heard.body or b"{}")
        if heard.method == "GET" and path.endswith("/messages"):
            return self.shown(path.split("/")[1], int(parse_qs(where.query).get("before", ["0"])[0]))
        if path == "contacts/search":
            return self.search(parse_qs(where.query)["q"][0])
        for pattern, act in self.routes():
            if (found := re.fullmatch(pattern, f"{heard.method} {path}")) is not None:
                return act(fields, *found.groups())
        return Reply(404, b"")

    def routes(self) -> list[tuple[str, Callable[..., Reply]]]:
        return [
            (rf"GET inboxes/{INBOX}", lambda _fields: ok({"id": INBOX, "channel_type": "Channel::Api"})),
            ("POST contacts", self.add_contact),
            (r"GET contacts/(\d+)/conversations", self.conversations_of),
            ("POST conversations", self.begin),
            (r"POST conversations/(\d+)/messages", self.add_message),
            (r"POST conversations/(\d+)/toggle_status", self.set_status),
        ]

    def search(self, words: str) -> Reply:
        return ok({"meta": {}, "payload": [one for one in self.contacts if words in one["identifier"]]})

    def add_contact(self, fields: dict[str, Any]) -> Reply:
        if any(one["identifier"] == fields["identifier"] for one in self.contacts):
            return Reply(422, b'{"message": "Identifier has already been taken", "attributes": ["identifier"]}')
        about = {"source_id": f"source-{len(self.contacts)}", "inbox": {"id": fields["inbox_id"]}}
        contact = {**fields, "id": 100 + len(self.contacts), "contact_inboxes": [about]}
        self.contacts.append(contact)
        return ok({"payload": {"contact": contact, "contact_inbox": about}})

    def conversations_of(self, _fields: dict[str, Any], contact: str) -> Reply:
        return ok({"payload": [one for one in self.conversations if one["contact_id"] == int(contact)]})

    def begin(self, fields: dict[str, Any]) -> Reply:
        assert fields["inbox_id"] == INBOX and fields["status"] == "open"
        assert any(one["contact_inboxes"][0]["source_id"] == fields["source_id"] for one in self.contacts)
        conversation = {**fields, "id": 1 + len(self.conversations)}
        self.conversations.append(conversation)
        self.cases[str(conversation["id"])] = Case()
        return ok(conversation)

    def add_message(self, fields: dict[str, Any], conversation: str) -> Reply:
        case, messages = self.cases[conversation], self.messages.setdefault(conversation, [])
        messages.append({**fields, "id": 9000 + len(messages), "source_id": fields.get("source_id")})
        if fields.get("private"):
            case.notes.append(fields["content"])
        else:
            assert fields["message_type"] == "incoming", "nobody here speaks for the shop's people"
            case.lines.append(fields["content"])
        return ok(messages[-1])

    def shown(self, conversation: str, before: int) -> Reply:
        """Twenty at a time."""
        messages = [one for one in self.messages.get(conversation, []) if not before or one["id"] < before]
        return ok({"meta": {}, "payload": messages[-20:]})

    def set_status(self, fields: dict[str, Any], conversation: str) -> Reply:
        self.cases[conversation].is_open = fields["status"] == "open"
        return ok({"payload": {"success": True, "current_status": fields["status"]}})

    def says(
        self, case: str, text: str, number: int, at: float, secret: str = "current", agent: str = "Mei"
    ) -> Delivered:
        return self.delivered(self.message(case, text, number, agent), number, at, secret)

    def ends(self, case: str, end: End, number: int, at: float) -> Delivered:
        status = {"resolved": "resolved", "handed_back": "pending"}[end]
        meta = {"assignee": {"id": 5, "name": "Mei"}}
        about = {"event": "conversation_status_changed", "id": int(case), "status": status, "inbox_id": INBOX}
        return self.delivered({**about, "meta": meta}, number, at)

    def chatter(self, case: str, at: float) -> list[Delivered]:
        message = self.message(case, "x", 1)
        others = [
            {**message, "message_type": "incoming"},
            {**message, "private": True},
            {**message, "sender": {"type": "agent_bot", "name": "Bot"}},
            {**message, "content_type": "input_csat"},
            {**message, "inbox": {"id": 8}},
            {**message, "event": "conversation_typing_on"},
            {"event": "conversation_status_changed", "id": int(case), "status": "open", "inbox_id": INBOX},
            {"event": "conversation_status_changed", "id": int(case), "status": "snoozed", "inbox_id": INBOX},
        ]
        return [self.delivered(one, 900 + number, at) for number, one in enumerate(others)]

    def message(self, case: str, text: str, number: int, agent: str = "Mei") -> dict[str, Any]:
        about = {"event": "message_created", "id": 500 + number, "content": text, "message_type": "outgoing"}
        sender = {"id": 5, "name": agent, "type": "user"}
        known = {"content_type": "text", "account": {"id": ACCOUNT}, "inbox": {"id": INBOX}, "sender": sender}
        return {**about, **known, "private": False, "conversation": {"id": int(case), "status": "open"}}

    def delivered(self, payload: dict[str, Any], number: int, at: float, secret: str = "current") -> Delivered:
        return signed(orjson.dumps(payload), int(at), SECRETS[secret], number)
