"""Your own system, by signed webhooks (Standard Webhooks) both ways.

    there   {"type": "handoff.opened" | "handoff.message" | "handoff.note" | "handoff.closed", "case", …}
    here    {"type": "answer" | "taken" | "handed_back" | "resolved", "case", "agent"?, "text"?}

`case` is the handoff's name. The `webhook-id` names each delivery for good, both ways: whoever has had it does nothing
the second time.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast, get_args

import httpx
import orjson
from pydantic import SecretStr

from bot.helpdesks.helpdesk import Deed, Done, HelpDesk, Opened, Opening, Said
from bot.messaging.channel import Inbound
from bot.messaging.sending import Call, check_status, post
from bot.messaging.signatures import refused
from bot.messaging.standard_webhooks import is_signed, signed
from bot.problem import Problem

SHAPE = 'The body must be an object like {"type": "answer", "case": …, "agent": …, "text": …}; type is one of '


class Webhook(HelpDesk):
    name: ClassVar[str] = "webhook"

    def __init__(self, url: str, secrets: Sequence[SecretStr]) -> None:
        self._url = url
        self._secrets = secrets

    async def open(self, http: httpx.AsyncClient, opening: Opening) -> Opened:
        about = {
            "conversation_id": opening.conversation_id,
            "language": opening.language,
            "subject": opening.subject,
            "brief": opening.brief,
            "customer": opening.customer,
            "priority": opening.priority,
            "context": dict(opening.context),
        }
        await self._post(http, opening.key, opening.key, "opened", about)
        return Opened(opening.key, may_be_earlier=True)

    async def has(self, http: httpx.AsyncClient, case: str, key: str) -> bool:  # noqa: ARG002
        """It does nothing for a `webhook-id` that it has had."""
        return False

    async def tell(self, http: httpx.AsyncClient, case: str, said: Said) -> None:
        words = {"text": said.text, "files": list(said.files), "at": said.at}
        await self._post(http, case, said.key, "message", words)

    async def note(self, http: httpx.AsyncClient, case: str, key: str, text: str) -> None:
        await self._post(http, case, key, "note", {"text": text})

    async def close(self, http: httpx.AsyncClient, case: str, key: str, text: str) -> None:
        await self._post(http, case, key, "closed", {"text": text})

    async def _post(self, http: httpx.AsyncClient, case: str, key: str, what: str, fields: Mapping[str, Any]) -> None:
        body = orjson.dumps({"type": f"handoff.{what}", "case": case, **fields}, default=str)
        headers = {"content-type": "application/json", **signed(key, body, self._secrets)}
        check_status(await post(http, Call(self._url, body, headers)))

    async def check(self, http: httpx.AsyncClient) -> list[str]:
        """Asks with a HEAD: your system must be there, whatever it thinks of that."""
        await post(http, Call(self._url, method="HEAD"))
        return []

    def verify(self, request: Inbound, now: float) -> None:
        if not is_signed(request, self._secrets, now):
            raise refused(self.name)

    def decode(self, request: Inbound) -> Sequence[Done]:
        fields = orjson.loads(request.body)
        kinds = get_args(Deed)
        if not isinstance(fields, dict) or fields.get("type") not in kinds or not isinstance(fields.get("case"), str):
            raise Problem(422, "Unprocessable body", f"{SHAPE}{', '.join(kinds)}.")
        key, what = request.header("webhook-id"), cast("Deed", fields["type"])
        return [Done(fields["case"], key, what, str(fields.get("agent") or ""), str(fields.get("text") or ""))]
