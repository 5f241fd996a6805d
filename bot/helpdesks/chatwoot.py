"""Chatwoot: each handoff is a conversation in an inbox of the kind "API", opened for its people.

    there   a contact per customer, a conversation per handoff, a private note with all that is known; then what the
            customer writes, as incoming messages
    here    the inbox's webhook: an agent's message is an answer, `resolved` resolves, `pending` gives it to the bot

A conversation carries the handoff's name and each message its own (`source_id`), so that what was told before a crash
is found again. Chatwoot itself would take it twice.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import httpx
import orjson
from pydantic import SecretStr

from bot.helpdesks.helpdesk import Done, HelpDesk, Opened, Opening, Said
from bot.messages import Attachment
from bot.messaging import chatwoot
from bot.messaging.channel import Inbound
from bot.messaging.downloads import is_allowed, kind_of
from bot.messaging.errors import Rejected
from bot.messaging.sending import Call, check_status, post
from bot.messaging.signatures import refused

HANDOFF = "kefu_handoff"
STATUSES: Mapping[str, Literal["resolved", "handed_back"]] = {"resolved": "resolved", "pending": "handed_back"}
API_INBOX = "Channel::Api"
STATUS_EVENTS = frozenset({"conversation_status_changed", "conversation_resolved"})
PLAIN = frozenset({None, "text"})
"""Contents that a person writes; others are questions of Chatwoot's own, such as its survey."""


class Chatwoot(HelpDesk):
    name: ClassVar[str] = "chatwoot"

    def __init__(self, url: str, token: SecretStr, account: str, inbox: str, secrets: Sequence[SecretStr]) -> None:
        self._url = url
        self._api = chatwoot.Api(url, token)
        self._account = account
        self._inbox = int(inbox)
        self._secrets = secrets

    async def open(self, http: httpx.AsyncClient, opening: Opening) -> Opened:
        contact, source_id = await self._contact(http, opening)
        case, brief = await self._begun(http, contact, opening.key), f"{opening.key}-brief"
        if case is not None and await self.has(http, case, brief):
            return Opened(case, may_be_earlier=True)
        if case is None:
            case = await self._begin(http, contact, source_id, opening)
        await self.note(http, case, brief, opening.brief)
        return Opened(case)

    async def has(self, http: httpx.AsyncClient, case: str, key: str) -> bool:
        """Looks through the conversation from its end, as many messages at a time as Chatwoot shows."""
        path, oldest = f"{self._account}/conversations/{case}/messages", None
        while True:
            query = f"?before={oldest}" if oldest else ""
            shown = (await self._ask(http, self._api.get(path + query))).get("payload") or ()
            if any(one.get("source_id") == key for one in shown):
                return True
            first = min((int(one["id"]) for one in shown), default=0)
            if first == 0 or first == oldest:
                return False
            oldest = first

    async def tell(self, http: httpx.AsyncClient, case: str, said: Said) -> None:
        fields = {"content": said.words, "message_type": "incoming", "source_id": said.key}
        await self._ask(http, self._api.say(self._account, case, fields))

    async def note(self, http: httpx.AsyncClient, case: str, key: str, text: str) -> None:
        fields = {"content": text, "private": True, "source_id": key}
        await self._ask(http, self._api.say(self._account, case, fields))

    async def close(self, http: httpx.AsyncClient, case: str, key: str, text: str) -> None:
        if not await self.has(http, case, key):
            await self.note(http, case, key, text)
        await self._ask(http, self._api.set_status(self._account, case, "resolved"))

    async def check(self, http: httpx.AsyncClient) -> list[str]:
        inbox = await self._ask(http, self._api.get(f"{self._account}/inboxes/{self._inbox}"))
        if inbox.get("channel_type", API_INBOX) != API_INBOX:
            return ["KEFU_HANDOFF_INBOX is not an inbox of the kind API."]
        return []

    # ---- a case ----

    async def _contact(self, http: httpx.AsyncClient, opening: Opening) -> tuple[int, str]:
        """The customer there, and the name by which our inbox knows them."""
        identifier = f"kefu:{opening.conversation_id}"
        search = f"{self._account}/contacts/search?{httpx.QueryParams(q=identifier)}"
        found = (await self._ask(http, self._api.get(search)))["payload"]
        known = next((one for one in found if one.get("identifier") == identifier), None)
        if known is None:
            fields = {"inbox_id": self._inbox, "identifier": identifier, "name": opening.customer}
            made = await self._ask(http, self._api.post(f"{self._account}/contacts", fields))
            known = made["payload"]["contact"]
        return int(known["id"]), await self._source_id(http, known)

    async def _source_id(self, http: httpx.AsyncClient, contact: Mapping[str, Any]) -> str:
        inboxes = contact.get("contact_inboxes") or ()
        ours = [str(one["source_id"]) for one in inboxes if one["inbox"]["id"] == self._inbox]
        if ours:
            return ours[0]
        path = f"{self._account}/contacts/{contact['id']}/contact_inboxes"
        return str((await self._ask(http, self._api.post(path, {"inbox_id": self._inbox})))["source_id"])

    async def _begun(self, http: httpx.AsyncClient, contact: int, key: str) -> str | None:
        """The conversation that a try before this one began."""
        answer = await self._ask(http, self._api.get(f"{self._account}/contacts/{contact}/conversations"))
        named = [
            str(one["id"]) for one in answer["payload"] if (one.get("custom_attributes") or {}).get(HANDOFF) == key
        ]
        return named[0] if named else None

    async def _begin(self, http: httpx.AsyncClient, contact: int, source_id: str, opening: Opening) -> str:
        about = {HANDOFF: opening.key, "channel": opening.conversation_id.partition(":")[0], "subject": opening.subject}
        fields = {
            "source_id": source_id,
            "inbox_id": self._inbox,
            "contact_id": contact,
            "status": "open",
            "custom_attributes": {**about, "priority": opening.priority},
        }
        return str((await self._ask(http, self._api.post(f"{self._account}/conversations", fields)))["id"])

    async def _ask(self, http: httpx.AsyncClient, call: Call) -> dict[str, Any]:
        response = await post(http, call)
        check_status(response)
        try:
            fields = orjson.loads(response.content or b"{}")
        except orjson.JSONDecodeError:
            raise Rejected("this is not Chatwoot's API") from None
        return fields if isinstance(fields, dict) else {}

    # ---- what is done there ----

    def verify(self, request: Inbound, now: float) -> None:
        if not chatwoot.is_signed(request, self._secrets, now):
            raise refused(self.name)

    def decode(self, request: Inbound) -> Sequence[Done]:
        payload = orjson.loads(request.body)
        if payload.get("event") == "message_created":
            return self._answered(payload)
        return self._moved(payload, request) if payload.get("event") in STATUS_EVENTS else ()

    def _answered(self, payload: Mapping[str, Any]) -> list[Done]:
        """What an agent wrote to the customer: nothing private, nothing of a bot's or of Chatwoot's own."""
        sender, inbox = payload.get("sender") or {}, (payload.get("inbox") or {}).get("id", self._inbox)
        is_words = payload["message_type"] == "outgoing" and payload.get("content_type") in PLAIN
        if not is_words or payload.get("private") or sender.get("type") != "user" or inbox != self._inbox:
            return []
        case, files = str(payload["conversation"]["id"]), tuple(self._files(payload))
        words = payload.get("content") or ""
        return [Done(case, f"message:{payload['id']}", "answer", str(sender.get("name") or ""), words, files)]

    def _moved(self, payload: Mapping[str, Any], request: Inbound) -> list[Done]:
        what, inbox = STATUSES.get(str(payload.get("status"))), payload.get("inbox_id", self._inbox)
        if what is None or inbox != self._inbox:
            return []
        assignee = (payload.get("meta") or {}).get("assignee") or {}
        key = (
            request.header("x-chatwoot-delivery") or f"{payload['id']}:{payload['status']}:{payload.get('updated_at')}"
        )
        return [Done(str(payload["id"]), f"status:{key}", what, str(assignee.get("name") or ""))]

    def _files(self, payload: Mapping[str, Any]) -> list[Attachment]:
        """Those that lie at Chatwoot itself; an address of another's is not handed to customers."""
        found = [str(one.get("data_url") or "") for one in payload.get("attachments") or ()]
        return [attachment_at(url) for url in found if is_allowed(url, (), self._url)]


def attachment_at(url: str) -> Attachment:
    name = url.partition("?")[0].rpartition("/")[2]
    ending = name.rpartition(".")[2].lower()
    is_image = ending in ("png", "jpg", "jpeg", "gif", "webp")
    return Attachment(kind_of("image/any" if is_image else ""), url, name)
