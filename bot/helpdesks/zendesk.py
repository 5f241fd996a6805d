"""Zendesk: each handoff is a ticket; what the customer writes are its public comments.

there   a user per customer (without an address: Zendesk mails them nothing), a ticket per handoff with an
        Idempotency-Key, all that is known as an internal note
here    the webhook of the ticket events: an agent's public comment is an answer, and so is the address of each file
        in it; `solved` resolves, or gives it back to the bot where the ticket has the tag `kefu_bot`
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

import httpx
import orjson
from pydantic import SecretStr

from bot.helpdesks.helpdesk import Done, HelpDesk, Opening, Said
from bot.messaging.channel import Inbound
from bot.messaging.errors import Rejected
from bot.messaging.sending import Call, check_status, post
from bot.messaging.signatures import any_matches, hmac_sha256_base64, is_fresh, refused

COMMENTED = "zen:event-type:ticket.comment_added"
ATTACHED = "zen:event-type:ticket.attachment_linked_to_comment"
STATUS_CHANGED = "zen:event-type:ticket.status_changed"
SOLVED = frozenset({"SOLVED", "CLOSED"})
TO_THE_BOT = "kefu_bot"
PRIORITIES = frozenset({"urgent", "high", "normal", "low"})


class Zendesk(HelpDesk):
    name: ClassVar[str] = "zendesk"

    def __init__(self, url: str, user: str, token: SecretStr, secrets: Sequence[SecretStr]) -> None:
        self._url = url.rstrip("/")
        self._user = user
        self._token = token
        self._secrets = secrets

    async def open(self, http: httpx.AsyncClient, opening: Opening) -> str:
        requester = {
            "name": opening.customer,
            "external_id": f"kefu:{opening.conversation_id}",
            "skip_verify_email": True,
        }
        user = (await self._ask(http, "POST", "users/create_or_update", {"user": requester}))["user"]
        ticket = {
            "subject": opening.subject,
            "comment": {"body": opening.brief, "public": False},
            "requester_id": user["id"],
            "external_id": opening.key,
            "priority": opening.priority if opening.priority in PRIORITIES else "normal",
            "tags": ["kefu", opening.conversation_id.partition(":")[0]],
        }
        made = await self._ask(http, "POST", "tickets", {"ticket": ticket}, {"idempotency-key": opening.key})
        return str(made["ticket"]["id"])

    async def tell(self, http: httpx.AsyncClient, case: str, said: Said) -> None:
        ticket = (await self._ask(http, "GET", f"tickets/{case}"))["ticket"]
        comment = {"body": said.words, "public": True, "author_id": ticket["requester_id"]}
        await self._change(http, case, {"comment": comment, "status": "open"})

    async def note(self, http: httpx.AsyncClient, case: str, text: str) -> None:
        await self._change(http, case, {"comment": {"body": text, "public": False}})

    async def close(self, http: httpx.AsyncClient, case: str, text: str) -> None:
        """One that is solved already stays as it is: a closed one would take no comment any more."""
        ticket = (await self._ask(http, "GET", f"tickets/{case}"))["ticket"]
        if str(ticket.get("status")).upper() not in SOLVED:
            await self._change(http, case, {"comment": {"body": text, "public": False}, "status": "solved"})

    async def check(self, http: httpx.AsyncClient) -> list[str]:
        user = (await self._ask(http, "GET", "users/me")).get("user") or {}
        if user.get("role") in ("agent", "admin"):
            return []
        return ["KEFU_HANDOFF_USER is no agent of this Zendesk, or KEFU_HANDOFF_TOKEN is not theirs."]

    async def _change(self, http: httpx.AsyncClient, case: str, fields: Mapping[str, Any]) -> None:
        await self._ask(http, "PUT", f"tickets/{case}", {"ticket": fields})

    async def _ask(
        self,
        http: httpx.AsyncClient,
        method: str,
        path: str,
        fields: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        login = base64.b64encode(f"{self._user}/token:{self._token.get_secret_value()}".encode()).decode()
        known = {"authorization": f"Basic {login}", "content-type": "application/json", **(headers or {})}
        body = b"" if fields is None else orjson.dumps(fields)
        response = await post(http, Call(f"{self._url}/api/v2/{path}.json", body, known, method))
        check_status(response)
        try:
            answer = orjson.loads(response.content)
        except orjson.JSONDecodeError:
            raise Rejected("this is not Zendesk's API") from None
        return answer if isinstance(answer, dict) else {}

    # ---- what is done there ----

    def verify(self, request: Inbound, now: float) -> None:
        timestamp = request.header("x-zendesk-webhook-signature-timestamp")
        given = request.header("x-zendesk-webhook-signature")
        made = any_matches(self._secrets, [given], lambda secret: signature(secret, timestamp, request.body))
        if not (made and is_fresh(seconds_of(timestamp), now)):
            raise refused(self.name)

    def decode(self, request: Inbound) -> Sequence[Done]:
        payload = orjson.loads(request.body)
        if payload.get("type") == COMMENTED:
            return commented(payload)
        if payload.get("type") == ATTACHED:
            return attached(payload)
        return solved(payload) if payload.get("type") == STATUS_CHANGED else ()


def commented(payload: Mapping[str, Any]) -> list[Done]:
    comment = payload["event"]["comment"]
    author = comment.get("author") or {}
    if not (comment.get("is_public") and author.get("is_staff")):
        return []
    case, key = str(payload["detail"]["id"]), f"comment:{comment['id']}"
    return [Done(case, key, "answer", str(author.get("name") or ""), str(comment["body"]))]


def attached(payload: Mapping[str, Any]) -> list[Done]:
    """Of a file Zendesk tells only who changed the ticket, not that person's name."""
    detail, file = payload["detail"], payload["event"]["attachment"]
    if not file.get("is_public") or detail.get("actor_id") == detail.get("requester_id"):
        return []
    words = f"{file['filename']}\n{file['content_url']}"
    return [Done(str(detail["id"]), f"attachment:{file['id']}", "answer", "", words)]


def solved(payload: Mapping[str, Any]) -> list[Done]:
    detail = payload["detail"]
    if str(payload["event"].get("current")).upper() not in SOLVED:
        return []
    is_for_bot = TO_THE_BOT in (detail.get("tags") or ())
    return [Done(str(detail["id"]), f"event:{payload['id']}", "handed_back" if is_for_bot else "resolved")]


def signature(secret: str, timestamp: str, body: bytes) -> str:
    return hmac_sha256_base64(secret.encode(), timestamp.encode("utf-8", "surrogateescape") + body)


def seconds_of(timestamp: str) -> str:
    """Zendesk's time (`2021-03-25T05:09:27Z`) in seconds since 1970; nothing where it is none."""
    try:
        return str(int(datetime.fromisoformat(timestamp).timestamp()))
    except ValueError:
        return ""
