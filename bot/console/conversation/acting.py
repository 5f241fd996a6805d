"""What an agent does with a conversation: the desk's operations, each in one transaction with its line of the audit."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.console import audit
from bot.console.conversation import stream
from bot.console.conversation.notes import known
from bot.console.person import Person
from bot.console.queue.items import Listing
from bot.console.queue.pages import item_of
from bot.conversation import attachments
from bot.conversation.sql import Statement
from bot.database import UnitOfWork
from bot.handoff.desk import Desk
from bot.messages import Attachment
from bot.problem import Problem
from bot.turn import Turns

Json = dict[str, Any]
Work = Callable[[UnitOfWork], object]
MOST_FILES = 10

_SAID = Statement("SELECT conversation_id, seq FROM said_keys WHERE agent_id = :agent_id AND key = :key")
_SAY = Statement(
    "INSERT INTO said_keys (agent_id, key, conversation_id, seq, at)"
    " VALUES (:agent_id, :key, :conversation_id, :seq, :at)"
)
_FORGET = Statement("DELETE FROM said_keys WHERE at < :before")
KEY_SECONDS = 86_400.0


@dataclass(frozen=True)
class Saying:
    """What an agent says. `key` is the client's own: the same one says nothing twice."""

    text: str
    key: str
    files: tuple[int, ...] = ()


@dataclass(frozen=True)
class Acting:
    turns: Turns
    desk: Desk
    listing: Listing

    async def do(self, conversation_id: str, person: Person, operation: str, work: Work, **details: object) -> Json:
        """Do it between two turns and write it down; returns the conversation as the queue lists it now.

        Raises Problem 404, or 409 where somebody else was faster.
        """

        def both(unit: UnitOfWork) -> None:
            known(unit.connection, conversation_id)
            work(unit)
            audit.write(unit.connection, person, operation, conversation_id, time.time(), **details)

        await self.turns.change(conversation_id, both)
        return await self.turns.run(self._item, conversation_id, person)

    async def say(self, conversation_id: str, person: Person, epoch: int, saying: Saying) -> Json:
        """The conversation and the line. In one that nobody has, saying something takes it."""
        seq = await self.turns.change(
            conversation_id, lambda unit: self._say(unit, conversation_id, person, epoch, saying)
        )
        return await self.turns.run(self._said, conversation_id, person, seq)

    def _say(self, unit: UnitOfWork, conversation_id: str, person: Person, epoch: int, saying: Saying) -> int:
        connection, now = unit.connection, time.time()
        known(connection, conversation_id)
        if said := _SAID.first(connection, {"agent_id": person.id, "key": saying.key}):
            if said[0] != conversation_id:
                raise Problem(409, "In use", "key: it was used in another conversation. Make a new one for each line.")
            return int(said[1])
        files = self._files(unit, conversation_id, saying.files)
        _, lines = self.desk.say(unit, conversation_id, person.id, epoch, saying.text, files)
        row = {"agent_id": person.id, "key": saying.key, "conversation_id": conversation_id, "at": now}
        _FORGET.all(connection, {"before": now - KEY_SECONDS})
        _SAY.all(connection, {**row, "seq": lines[-1].seq})
        audit.write(connection, person, "say", conversation_id, now, seq=lines[-1].seq)
        return lines[-1].seq

    def _files(self, unit: UnitOfWork, conversation_id: str, ids: Sequence[int]) -> list[Attachment]:
        """Raises Problem 422 for a file that was not uploaded into this conversation by an agent."""
        if len(ids) > MOST_FILES:
            raise Problem(422, "Unprocessable request", f"files: at most {MOST_FILES} at once.")
        kept = {one.id: one for one in attachments.of_conversation(unit.connection, conversation_id)}
        wrong = [number for number in ids if number not in kept or kept[number].role != "agent"]
        if wrong:
            raise Problem(422, "Unprocessable request", f"files: {wrong[0]} was not uploaded here. Upload it first.")
        return [kept[number].attachment for number in ids]

    def _item(self, conversation_id: str, person: Person) -> Json:
        with self.turns.database.read() as connection:
            return item_of(self.listing, connection, conversation_id, person.id)

    def _said(self, conversation_id: str, person: Person, seq: int) -> Json:
        with self.turns.database.read() as connection:
            item = item_of(self.listing, connection, conversation_id, person.id)
            lines = stream.since(connection, conversation_id, seq - 1, stream.FAR)
        line = next((one for one in lines if one.seq == seq), None)
        return {"item": item, "line": asdict(line) if line else None}
