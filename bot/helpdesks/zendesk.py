"""Zendesk: each handoff is a ticket; what the customer writes are its public comments.

there   a user per customer (without an address: Zendesk mails them nothing), a ticket per handoff, all that is known
        as an internal note
here    the webhook of the ticket events: an agent's public comment is an answer, and so is the address of each file
        in it; `solved` resolves, or gives it back to the bot where the ticket has the tag `kefu_bot`

Zendesk knows a ticket's Idempotency-Key again for two hours, and takes a comment twice. So a ticket is looked for by
its external_id, and each comment has its name in the metadata of the ticket's history (its audits), where it is found
again after a crash.
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

import httpx
import orjson
from pydantic import SecretStr

from bot.helpdesks.helpdesk import Done, HelpDesk, Opened, Opening, Said
from bot.messaging.channel import Inbound
from bot.messaging.errors import Rejected
from bot.messaging.sending import Call, check_status, post
from bot.messaging.signatures import any_matches, hmac_sha256_base64, is_fresh, refused

COMMENTED = "zen:event-type:ticket.comment_added"
ATTACHED = "zen:event-type:ticket.attachment_linked_to_comment"
STATUS_CHANGED = "zen:event-type:ticket.status_changed"
SOLVED = frozenset({"SOLVED", "CLOSED"})
TO_THE_BOT = "kefu_bot"
NAME = "kefu"
"""In the metadata of a change to a ticket: what it tells."""
PRIORITIES = frozenset({"urgent", "high", "normal", "low"})


class Zendesk(HelpDesk):
    name: ClassVar[str] = "zendesk"

    def __init__(self, url: str, user: str, token: SecretStr, secrets: Sequence[SecretStr]) -> None:
        self._url = url.rstrip("/")
        self._user = user
        self._token = token
        self._secrets = secrets

    async def open(self, http: httpx.AsyncClient, opening: Opening) -> Opened:
        begun = (await self._ask(http, "GET", "tickets", query={"external_id": opening.key}))["tickets"]
        if begun:
            return Opened(str(begun[0]["id"]), may_be_earlier=True)
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
        key = {"idempotency-key": opening.key}
        response = await self._call(http, "POST", "tickets", {"ticket": ticket}, headers=key)
        is_earlier = response.headers.get("x-idempotency-lookup") == "hit"
        return Opened(str(answer_of(response)["ticket"]["id"]), is_earlier)

    async def has(self, http: httpx.AsyncClient, case: str, key: str) -> bool:
        query = {"page[size]": "100"}
        while True:
            page = await self._ask(http, "GET", f"tickets/{case}/audits", query=query)
            metadata = [one.get("metadata") or {} for one in page["audits"]]
            if any((one.get("custom") or {}).get(NAME) == key for one in metadata):
                return True
            about = page.get("meta") or {}
            if not about.get("has_more"):
                return False
            query = {**query, "page[after]": str(about["after_cursor"])}

    async def tell(self, http: httpx.AsyncClient, case: str, said: Said) -> None:
        ticket = (await self._ask(http, "GET", f"tickets/{case}"))["ticket"]
        comment = {"body": said.words, "public": True, "author_id": ticket["requester_id"]}
        await self._change(http, case, said.key, {"comment": comment, "status": "open"})

    async def note(self, http: httpx.AsyncClient, case: str, key: str, text: str) -> None:
        await self._change(http, case, key, {"comment": {"body": text, "public": False}})

    async def close(self, http: httpx.AsyncClient, case: str, key: str, text: str) -> None:
        """One that is solved already stays as it is: a closed one would take no comment any more."""
        ticket = (await self._ask(http, "GET", f"tickets/{case}"))["ticket"]
        if str(ticket.get("status")).upper() not in SOLVED:
            await self._change(http, case, key, {"comment": {"body": text, "public": False}, "status": "solved"})

    async def check(self, http: httpx.AsyncClient) -> list[str]:
        user = (await self._ask(http, "GET", "users/me")).get("user") or {}
        if user.get("role") in ("agent", "admin"):
            return []
        return ["KEFU_HANDOFF_USER is no agent of this Zendesk, or KEFU_HANDOFF_TOKEN is not theirs."]

    async def _change(self, http: httpx.AsyncClient, case: str, key: str, fields: Mapping[str, Any]) -> None:
        await self._ask(http, "PUT", f"tickets/{case}", {"ticket": {**fields, "metadata": {NAME: key}}})

    async def _ask(
        self,
        http: httpx.AsyncClient,
        method: str,
        path: str,
        fields: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        return answer_of(await self._call(http, method, path, fields, query))

    async def _call(
        self,
        http: httpx.AsyncClient,
        method: str,
        path: str,
        fields: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        login = base64.b64encode(f"{self._user}/token:{self._token.get_secret_value()}".encode()).decode()
        known = {"authorization": f"Basic {login}", "content-type": "application/json", **(headers or {})}
        body = b"" if fields is None else orjson.dumps(fields)
        url = f"{self._url}/api/v2/{path}.json{f'?{urlencode(query)}' if query else ''}"
        response = await post(http, Call(url, body, known, method))
        check_status(response)
        return response

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


def answer_of(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        raise Rejected("this is not Zendesk's API") from None
    return answer if isinstance(answer, dict) else {}


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
