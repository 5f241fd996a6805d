"""Zendesk, as its API reference and its ticket events have it."""

import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
from pydantic import SecretStr

from tests.bot.helpdesks.peer import SECRETS, Case, End, Peer
from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import Delivered

LOGIN = base64.b64encode(b"bot@shop.example/token:an-api-token-of-tests").decode()


def ok(fields: Any) -> Reply:
    return Reply(200, orjson.dumps(fields))


class ZendeskPeer(Peer):
    name = "zendesk"

    def __init__(self) -> None:
        super().__init__()
        self.users: dict[str, int] = {}
        self.tickets: dict[str, dict[str, Any]] = {}
        self.by_key: dict[str, str] = {}
        self.audits: dict[str, list[dict[str, Any]]] = {}

    def settings(self, url: str) -> dict[str, Any]:
        ours = {"handoff_user": "bot@shop.example", "handoff_token": SecretStr("an-api-token-of-tests")}
        return {**super().settings(url), **ours}

    def answer(self, heard: Heard) -> Reply:
        assert heard.headers["authorization"] == f"Basic {LOGIN}"
        where, fields = urlsplit(heard.path), orjson.loads(heard.body or b"{}")
        path, query = where.path.removeprefix("/api/v2/").removesuffix(".json"), parse_qs(where.query)
        if path == "users/create_or_update":
            user_id = self.users.setdefault(fields["user"]["external_id"], 700 + len(self.users))
            return ok({"user": {"id": user_id, **fields["user"]}})
        if path == "users/me":
            return ok({"user": {"id": 1, "role": "agent"}})
        if path.endswith("/audits"):
            return self.history(path.split("/")[1], int(query.get("page[after]", ["0"])[0]))
        if path == "tickets" and heard.method == "GET":
            named = [one for one in self.tickets.items() if [one[1]["external_id"]] == query["external_id"]]
            return ok({"tickets": [{"id": int(number), **about} for number, about in named]})
        if path == "tickets":
            return self.create(heard.headers["idempotency-key"], fields["ticket"])
        ticket_id = path.removeprefix("tickets/")
        return self.change(ticket_id, fields["ticket"]) if heard.method == "PUT" else self.shown(ticket_id)

    def create(self, key: str, ticket: dict[str, Any]) -> Reply:
        if (begun := self.by_key.get(key)) is not None:
            return replace(self.shown(begun), headers={"x-idempotency-lookup": "hit"})
        ticket_id = self.by_key[key] = str(35_436 + len(self.tickets))
        kept = {name: ticket[name] for name in ("requester_id", "external_id")}
        self.tickets[ticket_id], self.cases[ticket_id] = {"status": "new", **kept}, Case()
        self.comment(ticket_id, ticket["comment"])
        return self.shown(ticket_id)

    def history(self, ticket_id: str, after: int) -> Reply:
        """Three at a time, the oldest first."""
        audits = self.audits.get(ticket_id, [])
        meta = {"has_more": len(audits) > after + 3, "after_cursor": str(after + 3)}
        return ok({"audits": audits[after : after + 3], "meta": meta})

    def change(self, ticket_id: str, fields: dict[str, Any]) -> Reply:
        self.comment(ticket_id, fields["comment"])
        self.audits.setdefault(ticket_id, []).append({"metadata": {"system": {}, "custom": fields["metadata"]}})
        self.tickets[ticket_id]["status"] = fields.get("status", self.tickets[ticket_id]["status"])
        self.cases[ticket_id].is_open = self.tickets[ticket_id]["status"] != "solved"
        return self.shown(ticket_id)

    def comment(self, ticket_id: str, comment: dict[str, Any]) -> None:
        case = self.cases[ticket_id]
        if comment["public"]:
            assert comment["author_id"] == self.tickets[ticket_id]["requester_id"], (
                "nobody speaks for the shop's people"
            )
            case.lines.append(comment["body"])
        else:
            case.notes.append(comment["body"])

    def shown(self, ticket_id: str) -> Reply:
        return ok({"ticket": {"id": int(ticket_id), **self.tickets[ticket_id]}})

    def says(
        self, case: str, text: str, number: int, at: float, secret: str = "current", agent: str = "Mei"
    ) -> Delivered:
        return self.delivered(self.commented(case, text, number, agent), at, secret)

    def ends(self, case: str, end: End, number: int, at: float) -> Delivered:
        tags = ["kefu", *(["kefu_bot"] if end == "handed_back" else [])]
        detail = {"id": case, "status": "SOLVED", "tags": tags}
        changed = {"type": "zen:event-type:ticket.status_changed", "event": {"current": "SOLVED", "previous": "OPEN"}}
        return self.delivered({"account_id": 1, "id": f"event-{number}", "detail": detail, **changed}, at)

    def chatter(self, case: str, at: float) -> list[Delivered]:
        hidden, own = self.commented(case, "x", 1), self.commented(case, "x", 2)
        hidden["event"]["comment"]["is_public"] = False
        own["event"]["comment"]["author"]["is_staff"] = False
        pending = {"type": "zen:event-type:ticket.status_changed", "event": {"current": "PENDING", "previous": "OPEN"}}
        others = [
            hidden,
            own,
            {**pending, "id": "event-9", "detail": {"id": case}},
            {"type": "zen:event-type:user.created"},
        ]
        return [self.delivered(one, at) for one in others]

    def commented(self, case: str, text: str, number: int, agent: str = "Mei") -> dict[str, Any]:
        author = {"id": 5, "is_staff": True, "name": agent}
        comment = {"id": 8000 + number, "body": text, "is_public": True, "author": author}
        about = {"type": "zen:event-type:ticket.comment_added", "event": {"comment": comment}}
        return {"account_id": 1, "id": f"event-{number}", "detail": {"id": case, "status": "OPEN"}, **about}

    def attached(self, case: str, actor: int, is_public: bool) -> dict[str, Any]:
        """Customer 9 does it, or Mei, 5."""
        url = "https://shop.zendesk.com/attachments/token/1/?name=form.pdf"
        file = {"id": 31 + actor + is_public, "content_url": url, "content_type": "application/pdf"}
        about = {"attachment": {**file, "filename": "form.pdf", "is_public": is_public}, "comment": {"id": 8001}}
        detail = {"id": case, "status": "OPEN", "actor_id": str(actor), "requester_id": "9"}
        kind = "zen:event-type:ticket.attachment_linked_to_comment"
        return {"account_id": 1, "id": f"event-file-{file['id']}", "type": kind, "detail": detail, "event": about}

    def delivered(self, payload: dict[str, Any], at: float, secret: str = "current") -> Delivered:
        body, timestamp = orjson.dumps(payload), datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        made = hmac.new(SECRETS[secret].encode(), timestamp.encode() + body, hashlib.sha256).digest()
        headers = {
            "content-type": "application/json",
            "x-zendesk-webhook-signature": base64.b64encode(made).decode(),
            "x-zendesk-webhook-signature-timestamp": timestamp,
        }
        return Delivered(body, headers)
