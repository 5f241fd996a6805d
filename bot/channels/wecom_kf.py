"""WeCom customer service (微信客服): customers in WeChat, who need no account with you and follow nothing.

    in    a callback says only that there is something; kf/sync_msg brings it, from a cursor that is kept for each
          customer-service account: text, pictures, voice, files, a menu's answer, what happened to a session
    out   kf/send_msg: text, a menu (msgmenu), uploaded files; at most five messages within 48 hours of the customer's

A session is somebody's, in WeCom's words 0 nobody's yet, 1 the assistant's, 2 waiting, 3 a person's, 4 over. What Kefu
says is the assistant's. While a person in WeCom has the session (3), their messages are not for Kefu.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar
from uuid import NAMESPACE_URL, uuid5

import httpx
import orjson
from pydantic import Field

from bot.channels.base import make_message
from bot.messages import Attachment, BotMessage, UserMessage
from bot.messaging import wechat_api
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Inbound, Part, Pulled, Recipient
from bot.messaging.errors import Rejected, SendError
from bot.messaging.fitting import plain_file
from bot.messaging.intake import MISSHAPEN
from bot.messaging.sending import Call
from bot.messaging.wecom import WecomChannel, WecomSettings
from bot.messaging.wecom_events import code_of, handover_of, receipt_of

log = logging.getLogger("kefu.messaging")

T = TypeVar("T")

LOOK_BACK_SECONDS = 600
"""How old a message may be that is found when an account is read for the first time: WeCom keeps three days."""
PAGE = 1000
FROM_CUSTOMER = 3
NOBODYS, ASSISTANTS, WAITING, PERSONS = 0, 1, 2, 3
KINDS: Mapping[str, Literal["image", "audio", "video", "file"]] = {
    "image": "image",
    "voice": "audio",
    "video": "video",
    "file": "file",
}
GONE = "errcode 95000:"
FIRST = "first:"
"""Begins a cursor as long as an account is read for the first time."""


class WecomKfSettings(WecomSettings):
    """The customer-service accounts that this app may use."""

    welcome: str | None = Field(
        default=None, description="What is said at once to a customer who opens the chat, if anything.", max_length=600
    )
    people: Literal["kefu", "wecom"] = Field(
        default="kefu",
        description="Where people answer: at the desk of `kefu`, or in `wecom`, whose queue then gets the session.",
    )


@dataclass(frozen=True)
class Page:
    """What one account has had to say since its cursor."""

    account: str
    cursor: str
    messages: Sequence[Mapping[str, Any]]
    is_more: bool


class WecomKf(WecomChannel[WecomKfSettings]):
    name = "wecom_kf"
    Settings = WecomKfSettings
    can = Capabilities(
        text_limit=2048,
        unit="bytes",
        buttons=10,
        title_limit=128,
        button_text_limit=1024,
        files=True,
        uploads=True,
        window_hours=48,
    )
    pull_seconds = 60

    def __init__(self, settings: WecomKfSettings, text_limit: int = 4000, url: str | None = None) -> None:
        super().__init__(settings, text_limit, url)
        self._since = time.time() - LOOK_BACK_SECONDS
        self._tokens: dict[str, str] = {}

    # ---- in ----

    def decode(self, request: Inbound) -> Sequence[UserMessage]:  # noqa: ARG002
        return ()

    def wakes(self, request: Inbound) -> bool:
        fields = self.opened(request)
        if fields.get("Event") != "kf_msg_or_event":
            return False
        self._tokens[fields["OpenKfId"]] = fields["Token"]
        return True

    async def pull(self, http: httpx.AsyncClient, cursor: str | None) -> Pulled:
        """One page of each account. The cursor is all accounts' cursors, as JSON."""
        cursors: dict[str, str] = orjson.loads(cursor) if cursor else await self._accounts(http)
        for account in self._tokens:
            cursors.setdefault(account, FIRST)
        asked = [await self._page(http, account, at) for account, at in cursors.items()]
        pages = [page for page in asked if page]
        events = [one for page in pages for one in page.messages]
        await self._greet(http, each(code_of, events))
        mine = await self._for_kefu(http, [one for one in events if one.get("origin") == FROM_CUSTOMER])
        return Pulled(
            each(self._said, mine),
            orjson.dumps({page.account: page.cursor for page in pages}).decode(),
            any(page.is_more for page in pages),
            each(receipt_of, events),
            each(handover_of, events),
        )

    async def _accounts(self, http: httpx.AsyncClient) -> dict[str, str]:
        listed = await self.api.ask(http, "kf/account/list", {"offset": 0, "limit": 100})
        return {account["open_kfid"]: FIRST for account in listed["account_list"]}

    async def _page(self, http: httpx.AsyncClient, account: str, at: str) -> Page | None:
        """None of an account that there is no more: it must not keep the others from being read."""
        token, is_first, cursor = self._tokens.pop(account, None), at.startswith(FIRST), at.removeprefix(FIRST)
        asked = {"open_kfid": account, "cursor": cursor, "limit": PAGE, **({"token": token} if token else {})}
        try:
            answer = await self.api.ask(http, "kf/sync_msg", asked)
        except Rejected as error:
            if GONE in error.reason:
                return None
            raise
        messages = [one for one in answer.get("msg_list", []) if not is_first or one.get("send_time", 0) >= self._since]
        cursor, is_more = answer.get("next_cursor") or cursor, bool(answer.get("has_more"))
        return Page(account, f"{FIRST if is_first and is_more else ''}{cursor}", messages, is_more)

    async def _for_kefu(
        self, http: httpx.AsyncClient, messages: Sequence[Mapping[str, Any]]
    ) -> list[Mapping[str, Any]]:
        """Those of sessions that no person in WeCom has. One that is nobody's yet becomes the assistant's."""
        theirs = set()
        for customer in {*each(customer_of, messages)}:
            state = await self._state(http, *customer)
            if state == NOBODYS:
                await self._give(http, *customer, ASSISTANTS)
            elif state == PERSONS:
                theirs.add(customer)
        return each(lambda one: None if customer_of(one) in theirs else one, messages)

    async def _state(self, http: httpx.AsyncClient, account: str, customer: str) -> int:
        """A session that WeCom does not know is nobody's."""
        asked = {"open_kfid": account, "external_userid": customer}
        try:
            return int((await self.api.ask(http, "kf/service_state/get", asked))["service_state"])
        except Rejected:
            return NOBODYS

    async def _give(self, http: httpx.AsyncClient, account: str, customer: str, state: int) -> None:
        """WeCom refuses some changes, such as of a session that has just ended: then it stays as it is.

        Nothing is lost by that, and what was sent or read before is not to be sent or read again.
        """
        asked = {"open_kfid": account, "external_userid": customer, "service_state": state}
        try:
            await self.api.ask(http, "kf/service_state/trans", asked)
        except SendError as error:
            log.info("a session of WeCom's stays as it is: %s", error.reason)

    async def _greet(self, http: httpx.AsyncClient, codes: Sequence[str]) -> None:
        """A code is good for 20 seconds and for one message, so nobody is greeted twice; too late is no failure."""
        for code in codes if self.settings.welcome else ():
            answer = {"code": code, "msgtype": "text", "text": {"content": self.settings.welcome}}
            try:
                await self.api.ask(http, "kf/send_msg_on_event", answer)
            except SendError as error:
                log.info("somebody was not greeted: %s", error.reason)

    def _said(self, message: Mapping[str, Any]) -> UserMessage:
        account, customer = customer_of(message)
        words, marks = said(message), {"open_kfid": account}
        marks |= wechat_api.pressed(message.get("text", {}).get("menu_id", ""))
        made = make_message(
            self.name, customer, words, message["msgid"], marks, self.text_limit, attachments=attached(message)
        )
        return replace(made, account=account)

    # ---- out ----

    def render(self, part: Part, to: Recipient) -> Call:
        return self._message(part, to, shown(part.message, part.seq))

    async def deliver(self, http: httpx.AsyncClient, part: Part, to: Recipient) -> str:
        """A file is handed over first. With the closing line the session goes to WeCom's people, where they answer."""
        sent = await self.api.handed_over(http, part, {"image", "voice", "video", "file"})
        if sent is None:
            platform_id = await super().deliver(http, part, to)
        else:
            kind, media_id = sent
            platform_id = await self.send(
                http, self._message(part, to, {"msgtype": kind, kind: {"media_id": media_id}})
            )
        await self.passed_over(http, to)
        return platform_id

    async def passed_over(self, http: httpx.AsyncClient, to: Recipient) -> None:
        """WeCom takes no more messages of ours for a session that waits for its people: so it goes there afterwards."""
        if self.settings.people == "wecom" and to.owner == "queue":
            await self._give(http, account_of(to), to.sender_id, WAITING)

    async def check(self, http: httpx.AsyncClient, url: str | None) -> list[str]:  # noqa: ARG002
        try:
            accounts = await self._accounts(http)
        except Rejected as error:
            return [f"WeCom does not let Kefu use its customer service: {error.reason}."]
        return [] if accounts else ["This app may use no customer-service account yet: 微信客服 → 可调用接口的应用."]

    def _message(self, part: Part, to: Recipient, fields: Mapping[str, Any]) -> Call:
        """`msgid` is the same for every try."""
        name = uuid5(NAMESPACE_URL, part.key).hex
        return self.api.post(
            "kf/send_msg", {"touser": to.sender_id, "open_kfid": account_of(to), "msgid": name, **fields}
        )


def account_of(to: Recipient) -> str:
    """The account that the customer wrote to last."""
    return str(to.latest.get("open_kfid") or to.account)


def customer_of(message: Mapping[str, Any]) -> tuple[str, str]:
    return message["open_kfid"], message["external_userid"]


def said(message: Mapping[str, Any]) -> str:
    """The words of a message; none of a kind that Kefu does not know, which is then answered as an empty one."""
    kind = message["msgtype"]
    content = message.get(kind, {})
    match kind:
        case "text":
            return str(content["content"])
        case "location":
            return f"{content.get('name', '')} {content.get('address', '')}".strip()
        case "link":
            return f"{content.get('title', '')} {content['url']}".strip()
        case "channels_shop_order":
            return f"{content['order_id']} {content.get('product_titles', '')}".strip()
        case "channels_shop_product":
            return str(content.get("title", ""))
    return ""


def attached(message: Mapping[str, Any]) -> list[Attachment]:
    kind = KINDS.get(message["msgtype"])
    return [Attachment(kind, message[message["msgtype"]]["media_id"])] if kind else []


def each(read: Callable[[Mapping[str, Any]], T | None], messages: Sequence[Mapping[str, Any]]) -> list[T]:
    """What there is to read in the messages. One of an unknown shape is skipped: else it would come for ever."""
    found = []
    for message in messages:
        try:
            one = read(message)
        except MISSHAPEN as error:
            log.warning("a message of WeCom's is not of the shape that Kefu knows: %s", type(error).__name__)
            continue
        if one is not None:
            found.append(one)
    return found


def shown(message: BotMessage, seq: int) -> dict[str, Any]:
    """The fields of kf/send_msg that show one fitted message."""
    if message.files:
        return {"msgtype": "text", "text": {"content": plain_file(message.files[0])}}
    if not message.buttons:
        return {"msgtype": "text", "text": {"content": message.text}}
    clicks = [{"id": f"{seq}.{number}", "content": one.title} for number, one in enumerate(message.buttons)]
    choices = [{"type": "click", "click": click} for click in clicks]
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": message.text, "list": choices}}
