"""Does at Kefu's desk what people did in the other system: answers, takes, gives back, resolves.

Each deed is one transaction between two turns, with the memory of having heard it: that system delivers again what it
has no acknowledgement of, and the customer hears it once. What the desk does not allow is said there as a note, so that
nobody believes to have answered.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping

import httpx
from sqlalchemy import Connection

from bot.database import Database, UnitOfWork
from bot.handoff import agents, heard, rows
from bot.handoff.changes import Changes
from bot.handoff.desk import Desk
from bot.handoff.outside import Outside, To
from bot.handoff.rows import Handoff
from bot.helpdesks import links
from bot.helpdesks.helpdesk import OUTSIDE, Done, HelpDesk
from bot.messaging.channel import Inbound
from bot.messaging.errors import SendError
from bot.problem import Problem

log = logging.getLogger("kefu.helpdesk")

NOT_DONE = ("The customer did not get this: {}", "顾客没有收到：{}")
MOVES: Mapping[str, To] = {"taken": "agent", "handed_back": "bot", "resolved": "resolved"}
LOOKS, LOOK_SECONDS = 15, 0.2
"""Together less than the shortest time that such a system waits for an answer (Chatwoot: five seconds)."""
MISSHAPEN = (KeyError, TypeError, AttributeError, ValueError, IndexError)


class Hearing:
    """Belongs to the event loop."""

    def __init__(
        self,
        database: Database,
        changes: Changes,
        desk: Desk,
        helpdesk: HelpDesk,
        http: httpx.AsyncClient,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._changes = changes
        self._people = Outside(desk, helpdesk.name)
        self._helpdesk = helpdesk
        self._http = http
        self._clock = clock

    async def take(self, request: Inbound) -> None:
        """Verify a delivery and do what it says. When this returns, it is committed. Raises Problem."""
        self._helpdesk.verify(request, self._clock())
        try:
            deeds = self._helpdesk.decode(request)
        except MISSHAPEN as error:
            log.warning("a delivery of %s is not of the shape that Kefu knows: %s", self.name, type(error).__name__)
            raise Problem(400, "Unknown shape", f"This is signed, but it is not what {self.name} sends.") from None
        for done in deeds:
            await self._do(done)

    @property
    def name(self) -> str:
        return self._helpdesk.name

    async def _do(self, done: Done) -> None:
        handoff = await self._known(done.case)
        if handoff is None:
            return log.debug("%s tells of a case that is not ours", self.name)
        try:
            await self._changes.change(handoff.conversation_id, lambda unit: self._apply(unit, handoff, done))
        except Problem as problem:
            await self._say_not_done(handoff, done, problem)
        return None

    async def _known(self, case: str) -> Handoff | None:
        """The handoff of a case; None for one that is not ours. Who answers before we could note the name of the case
        that we are opening waits. Raises Problem 503 where that takes too long: then it is delivered again."""
        for _ in range(LOOKS):
            is_opening, handoff = await self._changes.run(self._look, case)
            if handoff is not None or not is_opening:
                return handoff
            await asyncio.sleep(LOOK_SECONDS)
        raise Problem(503, "Try again", "A case is being opened, and this may be the one. Deliver it again.")

    def _look(self, case: str) -> tuple[bool, Handoff | None]:
        """In this order: a case that is noted in between is seen by the second look."""
        with self._database.read() as connection:
            is_opening = links.is_opening(connection, self.name, self._clock())
        with self._database.read() as connection:
            handoff_id = links.of_case(connection, self.name, case)
            return is_opening, rows.find(connection, handoff_id) if handoff_id is not None else None

    def _apply(self, unit: UnitOfWork, handoff: Handoff, done: Done) -> None:
        connection, conversation_id = unit.connection, handoff.conversation_id
        if not heard.is_new(connection, self.name, done.key, conversation_id, self._clock()):
            return
        if done.what == "answer":
            said, _lines = self._people.say(unit, conversation_id, done.agent, done.text, done.files)
            self._follow(connection, said, done.case)
        elif self._is_theirs_to_move(connection, conversation_id, done):
            self._people.move(unit, conversation_id, MOVES[done.what], done.agent, done.text)

    def _follow(self, connection: Connection, handoff: Handoff, case: str) -> None:
        """An answer in a conversation that the bot had again began a handoff: it goes on in the case it came from."""
        if links.case_of(connection, handoff.id) is None:
            seq = links.last_seq(connection, handoff.conversation_id)
            links.follow(connection, handoff.id, self.name, case, seq, handoff.agent_id)

    def _is_theirs_to_move(self, connection: Connection, conversation_id: str, done: Done) -> bool:
        """Not where the case is an older one than the conversation is in now: what is said of it came late. And what
        becomes of a case does not end the talk of somebody who has taken the conversation in Kefu's console."""
        held = rows.of_conversation(connection, conversation_id)
        if held is None or links.case_of(connection, held.id) != done.case:
            return False
        holder = agents.find(connection, held.agent_id) if held.agent_id else None
        return done.what == "taken" or holder is None or holder.email.endswith(OUTSIDE)

    async def _say_not_done(self, handoff: Handoff, done: Done, problem: Problem) -> None:
        text = NOT_DONE[handoff.language == "zh"].format(problem.detail)
        log.info("what was done in %s was not done here: %s", self.name, problem.title)
        try:
            key = f"not-done-{done.key}"
            if not await self._helpdesk.has(self._http, done.case, key):
                await self._helpdesk.note(self._http, done.case, key, text)
        except SendError as error:
            log.warning("nobody in %s was told that: %s", self.name, error.reason)
