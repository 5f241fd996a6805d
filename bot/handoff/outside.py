"""People who answer in another system (Chatwoot, Zendesk, a platform's own screens): what they do there, done here.

They see no epochs: what they do counts for the conversation as it is, and done twice it is done once.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.conversation.outbox import Line
from bot.conversation.sql import Statement
from bot.database import UnitOfWork
from bot.handoff import agents, heard, rows
from bot.handoff.agents import Agent
from bot.handoff.changes import Changes
from bot.handoff.desk import Desk
from bot.handoff.rows import Handoff
from bot.handoff.states import HELD
from bot.messages import Attachment
from bot.problem import Problem

log = logging.getLogger("kefu.handoff")

To = Literal["bot", "agent", "resolved"]
NAMELESS: Mapping[str, str] = {"en": "Support", "zh": "客服"}

_LANGUAGE = Statement("SELECT language FROM conversations WHERE id = :id")


@dataclass(frozen=True)
class Outside:
    """The people of one system, by its name ("chatwoot")."""

    desk: Desk
    system: str

    def move(self, unit: UnitOfWork, conversation_id: str, to: To, agent: str = "", note: str = "") -> Handoff | None:
        """Somebody there took the conversation, gave it back to the bot, or resolved it; None if it is so already."""
        handoff = rows.of_conversation(unit.connection, conversation_id)
        if to == "agent":
            if handoff and handoff.state in HELD:
                return None
            return self.desk.take(unit, conversation_id, self._who(unit, conversation_id, agent).id, None)
        if handoff is None:
            return None
        if handoff.state not in HELD:
            who = self._who(unit, conversation_id, agent)
            handoff = self.desk.take(unit, conversation_id, who.id, None, quietly=True)
        end = self.desk.hand_back if to == "bot" else self.desk.resolve
        return end(unit, conversation_id, str(handoff.agent_id), None, note)

    def say(
        self, unit: UnitOfWork, conversation_id: str, agent: str, text: str, files: Sequence[Attachment] = ()
    ) -> tuple[Handoff, list[Line]]:
        """Somebody there wrote to the customer: it is theirs from now on, whoever had it."""
        who = self._who(unit, conversation_id, agent)
        handoff = rows.of_conversation(unit.connection, conversation_id)
        if handoff and handoff.state in HELD and handoff.agent_id and handoff.agent_id != who.id:
            self.desk.relieve(unit, conversation_id, who.id)
        return self.desk.say(unit, conversation_id, who.id, None, text, files)

    def _who(self, unit: UnitOfWork, conversation_id: str, name: str) -> Agent:
        """Whoever is not named is the one of them who has it; else they go by a name in the customer's language."""
        handoff = rows.of_conversation(unit.connection, conversation_id)
        holder = agents.find(unit.connection, handoff.agent_id) if handoff and handoff.agent_id else None
        if not name and holder and holder.email.endswith(agents.outside_address(self.system)):
            return holder
        row = _LANGUAGE.first(unit.connection, {"id": conversation_id})
        nameless = NAMELESS["zh" if row and row[0] == "zh" else "en"]
        return agents.outside(unit.connection, self.system, name or nameless, self.desk.now())


class Told(Protocol):
    """What a platform says of who answers a customer from now on."""

    @property
    def to(self) -> To: ...

    @property
    def agent(self) -> str: ...

    @property
    def note(self) -> str: ...

    @property
    def key(self) -> str: ...


def taken_elsewhere(turns: Changes, desk: Desk) -> Callable[[str, Told], Awaitable[None]]:
    """Does here what a platform's own people did in its screens, once where it has a key; the channel's name is the
    system's."""

    async def hand_over(conversation_id: str, told: Told) -> None:
        people = Outside(desk, conversation_id.partition(":")[0])

        def move(unit: UnitOfWork) -> None:
            if told.key and not heard.is_new(unit.connection, people.system, told.key, conversation_id, desk.now()):
                return
            people.move(unit, conversation_id, told.to, told.agent, told.note)

        try:
            await turns.change(conversation_id, move)
        except Problem as problem:
            log.info("what was done on a platform was not done here: %s", problem.title)

    return hand_over
