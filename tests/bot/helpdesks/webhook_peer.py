"""A system of the shop's own: it signs, and checks what it gets, with the reference library of Standard Webhooks."""

import base64
from datetime import UTC, datetime
from typing import Any

import orjson
from standardwebhooks import Webhook

from tests.bot.helpdesks.peer import Case, End, Peer
from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import Delivered

SECRETS = {name: "whsec_" + base64.b64encode(name.encode() * 6).decode() for name in ("current", "previous", "wrong!")}
SECRETS["wrong"] = SECRETS.pop("wrong!")


class WebhookPeer(Peer):
    name = "webhook"
    secrets = SECRETS

    def __init__(self) -> None:
        super().__init__()
        self.had: set[str] = set()
        self.contexts: list[dict[str, Any]] = []

    def settings(self, url: str) -> dict[str, Any]:
        return super().settings(f"{url}/kefu")

    def answer(self, heard: Heard) -> Reply:
        told = Webhook(SECRETS["current"]).verify(heard.body.decode(), dict(heard.headers))
        if heard.headers["webhook-id"] not in self.had:
            self.had.add(heard.headers["webhook-id"])
            self.take(told)
        return Reply(204, b"")

    def take(self, told: dict[str, Any]) -> None:
        case = self.cases.setdefault(told["case"], Case())
        match told["type"]:
            case "handoff.opened":
                case.notes.append(told["brief"])
                self.contexts.append(told["context"])
            case "handoff.message":
                case.lines.append("\n".join([told["text"], *told["files"]]))
            case "handoff.note":
                case.notes.append(told["text"])
            case "handoff.closed":
                case.notes.append(told["text"])
                case.is_open = False

    def says(
        self, case: str, text: str, number: int, at: float, secret: str = "current", agent: str = "Mei"
    ) -> Delivered:
        return self.delivered({"type": "answer", "case": case, "agent": agent, "text": text}, number, at, secret)

    def ends(self, case: str, end: End, number: int, at: float) -> Delivered:
        return self.delivered({"type": end, "case": case, "agent": "Mei"}, number, at)

    def delivered(self, payload: dict[str, Any], number: int, at: float, secret: str = "current") -> Delivered:
        body, message_id = orjson.dumps(payload).decode(), f"msg_{number}"
        signature = Webhook(SECRETS[secret]).sign(message_id, datetime.fromtimestamp(int(at), UTC), body)
        headers = {"webhook-id": message_id, "webhook-timestamp": str(int(at)), "webhook-signature": signature}
        return Delivered(body.encode(), {"content-type": "application/json", **headers})
