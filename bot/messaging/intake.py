"""The way in for a messaging channel: stored, then acknowledged; answered afterwards, in the background."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, ParamSpec, Protocol, TypeVar

import httpx

from bot.conversation import receipts
from bot.conversation.inbox import Accepted
from bot.conversation.outbox import Line
from bot.database import Database
from bot.messages import UserMessage
from bot.messaging import choices
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Answer, Channel, Handover, Inbound, Receipt
from bot.messaging.errors import SendError
from bot.messaging.room import Room
from bot.problem import Problem

log = logging.getLogger("kefu.messaging")

T = TypeVar("T")
P = ParamSpec("P")


PATIENCE_SECONDS = 0.3
"""After so long a customer is shown that an answer is written."""
MISSHAPEN = (KeyError, TypeError, AttributeError, ValueError, IndexError)
"""What reading a delivery raises that is not built as the platform builds it."""


HandOver = Callable[[str, Handover], Awaitable[None]]
"""What becomes of a conversation that changed hands in the platform's own screens."""


async def ignore(_conversation_id: str, _handover: Handover) -> None: ...


class Turns(Protocol):
    """What of the turns a messaging channel needs."""

    async def accept(self, message: UserMessage) -> Accepted: ...

    async def finish(self, accepted: Accepted) -> list[Line]: ...

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T: ...


class Intake:
    """Belongs to the event loop. `on_accepted` hears of each new message, `on_slow` of one whose answer takes a while;
    `on_wake` of each channel that has something to pull; `on_change` of conversations whose lines have come further;
    `hand_over` of those that somebody else answers from now on."""

    def __init__(
        self,
        turns: Turns,
        database: Database,
        on_accepted: Callable[[UserMessage], None] = lambda _message: None,
        on_slow: Callable[[UserMessage], None] = lambda _message: None,
        on_wake: Callable[[str], None] = lambda _channel: None,
        on_change: Callable[[str], None] = lambda _conversation_id: None,
        hand_over: HandOver = ignore,
        http: httpx.AsyncClient | None = None,
        most_turns: int = 16,
    ) -> None:
        self._turns = turns
        self._database = database
        self._on_accepted = on_accepted
        self._on_slow = on_slow
        self._on_wake = on_wake
        self._on_change = on_change
        self._hand_over = hand_over
        self._http = http or httpx.AsyncClient()
        self._room = Room(most_turns)
        self._answering: set[asyncio.Task[None]] = set()

    async def take(self, channel: Channel[Any], request: Inbound, now: float | None = None) -> Answer:
        """Verify, decode and store a delivery; returns the acknowledgement. Raises Problem."""
        now = time.time() if now is None else now
        await self._prepare(channel, request, now)
        if answer := shaken(channel, request, now):
            return answer
        channel.verify(request, now)
        with self._room.storing():
            return await self._take(channel, request)

    async def _take(self, channel: Channel[Any], request: Inbound) -> Answer:
        try:
            messages, reports = channel.decode(request), channel.receipts(request)
            answer, is_more, moved = channel.answer(request), channel.wakes(request), channel.ownership(request)
        except MISSHAPEN as error:
            log.warning("a delivery of %s is not of the shape that Kefu knows: %s", channel.name, type(error).__name__)
            detail = f"This is signed as {channel.name} signs it, but it is not what {channel.name} sends."
            raise Problem(400, "Unknown shape", detail) from None
        await self.store(messages, channel)
        await self.note(channel.name, reports)
        await self.hand_over(channel.name, moved)
        if is_more:
            self._on_wake(channel.name)
        return answer

    async def store(self, messages: Sequence[UserMessage], channel: Channel[Any]) -> None:
        """When this returns, each message's answer will come, whatever happens to this process."""
        for message in messages:
            if choices.is_choice(message):
                message = await self._turns.run(self._resolve, message, channel.shows(message.metadata))
            self.see_to(message, await self._turns.accept(message))

    async def note(self, channel: str, reports: Sequence[Receipt]) -> None:
        """Keep what the platform reported of parts that were sent before."""
        if reports:
            self.tell(await self._turns.run(self._note, channel, reports))

    async def hand_over(self, channel: str, moved: Sequence[Handover]) -> None:
        """Somebody else answers these people from now on."""
        for one in moved:
            await self._hand_over(f"{channel}:{one.sender_id}", one)

    async def _prepare(self, channel: Channel[Any], request: Inbound, now: float) -> None:
        try:
            await channel.prepare(self._http, request, now)
        except SendError as error:
            log.warning("%s cannot be verified now: %s", channel.name, error.reason)
            raise Problem(503, "Try again", f"{channel.name} cannot be verified at the moment.") from None

    def see_to(self, message: UserMessage, accepted: Accepted) -> None:
        """A message that is stored gets its answer."""
        if accepted.is_new:
            self._on_accepted(message)
        if not accepted.is_done:
            self._answer(message, accepted)

    def tell(self, conversation_ids: Iterable[str]) -> None:
        for conversation_id in conversation_ids:
            self._on_change(conversation_id)

    def _note(self, channel: str, reports: Sequence[Receipt]) -> set[str]:
        with self._database.writing() as connection:
            changed = receipts.apply(connection, channel, reports, time.time())
            connection.commit()
        return changed

    def _resolve(self, message: UserMessage, can: Capabilities) -> UserMessage:
        with self._database.read() as connection:
            return choices.resolve(connection, message, can)

    def _answer(self, message: UserMessage, accepted: Accepted) -> None:
        task = asyncio.create_task(self._finish(message, accepted))
        self._answering.add(task)
        task.add_done_callback(self._answered)

    async def _finish(self, message: UserMessage, accepted: Accepted) -> None:
        patience = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._on_slow, message)
        try:
            async with self._room.turning():
                await self._turns.finish(accepted)
        finally:
            patience.cancel()

    def _answered(self, task: asyncio.Task[None]) -> None:
        """A failure is for the sweep, which finds the message in the inbox."""
        self._answering.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("an accepted message was not answered yet: %s", type(error).__name__)


def shaken(channel: Channel[Any], request: Inbound, now: float) -> Answer | None:
    """The answer to a handshake; None for anything else, also for what cannot be read."""
    try:
        return channel.handshake(request, now)
    except MISSHAPEN:
        return None
