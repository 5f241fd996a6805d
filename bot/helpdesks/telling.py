"""Tells the other system what was committed here: a case for each handoff, what the customer writes, its end.

Each call is followed by a note of how far the case has come. What that system does not take now is tried again, in
order, for as long as the handoff lasts; a handoff that ended before its case was opened needs none. After a try that
broke off without an answer, that system is asked first whether the line is there.
"""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Protocol, TypeVar

import httpx
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from bot.conversation import attachments
from bot.database import Database
from bot.handoff import agents, rows
from bot.handoff.rows import Handoff
from bot.helpdesks import links
from bot.helpdesks.helpdesk import OUTSIDE, HelpDesk, Said
from bot.helpdesks.links import Link, Wrote
from bot.helpdesks.opening import Language, key_of, opening_of
from bot.messaging.errors import NotNow, Rejected, SendError
from bot.messaging.links import Links

log = logging.getLogger("kefu.helpdesk")

T = TypeVar("T")

LONGEST_PAUSE_SECONDS = 300.0
MOST_TRIES_AFTER_THE_END = 10
FAR_SECONDS = 86_400.0
NO_MESSAGE = -1
"""What a brief tells of that may be there, where nobody has written yet."""
ENDINGS: Mapping[str, tuple[str, str]] = {
    "resolved": ("Resolved.", "已解决。"),
    "bot": ("The bot answers again.", "已转回机器人。"),
    "failed": (
        "Nobody took it in time: the customer was told, and the bot answers.",
        "无人及时接待：已告知顾客，由机器人继续。",
    ),
}
TAKEN = ("{} has this conversation now, in Kefu's console.", "{} 已在 Kefu 控制台接待该顾客。")


class Packs(Protocol):
    """Makes context packages (bot/handoff/context.py)."""

    def of(self, session: Session, conversation_id: str, language: Language = "en") -> dict[str, Any]: ...


class Telling:
    """Belongs to the event loop. `run` runs blocking work in a thread."""

    def __init__(
        self,
        database: Database,
        helpdesk: HelpDesk,
        packs: Packs,
        files: Links,
        http: httpx.AsyncClient,
        run: Callable[..., Awaitable[Any]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._helpdesk = helpdesk
        self._packs = packs
        self._files = files
        self._http = http
        self._run = run
        self._clock = clock

    async def round(self) -> int:
        """Tell what is to be told now; returns of how many handoffs."""
        found: list[int] = await self._run(self._due)
        for handoff_id in found:
            await self._bring(handoff_id)
        return len(found)

    def waiting(self) -> int:
        """Of how many handoffs something could not be told so far. Blocking."""
        with self._database.read() as connection:
            return links.waiting(connection, self._helpdesk.name)

    async def _bring(self, handoff_id: int) -> None:
        claimed = await self._write(lambda c: self._claimed(c, handoff_id))
        if claimed is None:
            return
        handoff, link = claimed
        values: dict[str, object] = {"due_at": self._clock() + LONGEST_PAUSE_SECONDS, "tries": link.tries + 1}
        try:
            values = await self._tell_all(handoff, link)
        except SendError as error:
            log.warning("a handoff was not told to %s: %s", self._helpdesk.name, error.reason)
            values = self._later(handoff, link, error)
        finally:  # also after a failure that nobody thought of: it must not hold up the others
            await self._write(lambda c: links.change(c, handoff_id, claimed_until=None, **values))

    async def _tell_all(self, handoff: Handoff, link: Link) -> dict[str, object]:
        case, seen = link.case, link.seen_seq
        if case is None:
            if handoff.ended_at is not None and not link.seen_seq:
                return {"state": "closed"}
            case, seen = await self._open(handoff, link)
        for wrote in await self._read(lambda c: self._new(c, handoff, seen)):
            said = await self._read(partial(self._said, handoff, wrote))
            if not await self._is_there(link, case, said.key):
                await self._helpdesk.tell(self._http, case, said)
            await self._write(partial(links.taken, handoff_id=handoff.id, now=self._clock(), seen_seq=wrote.seq))
        return await self._tell_who(handoff, link, case)

    async def _open(self, handoff: Handoff, link: Link) -> tuple[str, int]:
        """What the brief tells of is noted before it goes out: a case that is there already may have the first one."""
        opening, last = await self._run(self._opening, handoff)
        told = link.seen_seq or last or NO_MESSAGE
        await self._write(lambda c: links.change(c, handoff.id, seen_seq=told))
        try:
            opened = await self._helpdesk.open(self._http, opening)
        except (NotNow, Rejected):
            await self._write(lambda c: links.change(c, handoff.id, seen_seq=link.seen_seq))
            raise
        seen = told if opened.may_be_earlier else last
        await self._write(lambda c: links.taken(c, handoff.id, self._clock(), external_id=opened.case, seen_seq=seen))
        return opened.case, seen

    async def _is_there(self, link: Link, case: str, key: str) -> bool:
        return link.may_be_there and await self._helpdesk.has(self._http, case, key)

    async def _tell_who(self, handoff: Handoff, link: Link, case: str) -> dict[str, object]:
        """That a colleague of the console took it, or that it is over."""
        zh = handoff.language == "zh"
        if handoff.ended_as is not None:
            await self._helpdesk.close(self._http, case, f"{key_of(handoff)}-closed", ENDINGS[handoff.ended_as][zh])
            return {"state": "closed", "tries": 0, "why": None}
        if handoff.agent_id and handoff.agent_id != link.agent_id:
            agent = await self._read(lambda c: agents.get(c, str(handoff.agent_id)))
            key = f"{key_of(handoff)}-taken-{handoff.epoch}"
            if not (agent.email.endswith(OUTSIDE) or await self._is_there(link, case, key)):
                await self._helpdesk.note(self._http, case, key, TAKEN[zh].format(agent.name))
        return {"agent_id": handoff.agent_id, "tries": 0, "why": None}

    # ---- what is stored ----

    def _due(self) -> list[int]:
        with self._database.read() as connection:
            return links.due(connection, self._helpdesk.name, self._clock())

    def _claimed(self, connection: Connection, handoff_id: int) -> tuple[Handoff, Link] | None:
        link = links.claim(connection, handoff_id, self._helpdesk.name, self._clock())
        handoff = rows.find(connection, handoff_id)
        return (handoff, link) if link and handoff else None

    def _opening(self, handoff: Handoff) -> tuple[Any, int]:
        """With the number of the last message that it tells of. That is read first: what comes meanwhile is told
        twice rather than not at all."""
        language: Language = "zh" if handoff.language == "zh" else "en"
        with self._database.read_session() as session:
            seen = links.last_seq(session.connection(), handoff.conversation_id)
            context = self._packs.of(session, handoff.conversation_id, language)
        return opening_of(handoff, context), seen

    def _new(self, connection: Connection, handoff: Handoff, seen: int) -> list[Wrote]:
        until = handoff.ended_at if handoff.ended_at is not None else self._clock() + FAR_SECONDS
        return links.written_since(connection, handoff.conversation_id, seen, until)

    def _said(self, handoff: Handoff, wrote: Wrote, connection: Connection) -> Said:
        kept = attachments.of_message(connection, wrote.inbox_id)
        files = [f"{one.name or one.kind}: {self._files.address(one.id, wrote.at)}" for one in kept]
        return Said(f"{key_of(handoff)}-{wrote.seq}", wrote.text, wrote.at, files)

    def _later(self, handoff: Handoff, link: Link, error: SendError) -> dict[str, object]:
        tries = link.tries + 1
        if handoff.ended_at is not None and tries >= MOST_TRIES_AFTER_THE_END:
            return {"state": "dead", "why": error.reason}
        wanted = error.retry_after_seconds if isinstance(error, NotNow) else None
        pause = pause_seconds(tries) if wanted is None else wanted
        return {"tries": tries, "due_at": self._clock() + pause, "why": error.reason}

    async def _read(self, read: Callable[[Connection], T]) -> T:
        def work() -> T:
            with self._database.read() as connection:
                return read(connection)

        found: T = await self._run(work)
        return found

    async def _write(self, write: Callable[[Connection], T]) -> T:
        def work() -> T:
            with self._database.writing() as connection:
                result = write(connection)
                connection.commit()
                return result

        found: T = await self._run(work)
        return found


def pause_seconds(tries: int) -> float:
    """Twice as long after every try."""
    return min(2.0 ** min(tries, 60), LONGEST_PAUSE_SECONDS)
