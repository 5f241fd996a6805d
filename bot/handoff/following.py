"""What turns mean for handoffs: a turn that ends with the bot silenced is a request, one that ends its silence its end.

Everything here is written in the transaction of the turn, with the closing line, the ticket and the muting.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from actions.handoff.summary import subject_line
from bot.answer import Answer, guess_language
from bot.conversation.events import Event, bot_uttered, paused, slot_set, user_uttered
from bot.conversation.inbox import Waiting
from bot.conversation.schema import Owner
from bot.conversation.tracker import Tracker
from bot.database import UnitOfWork
from bot.handoff import agents, rows
from bot.handoff.deeds import AT_HAND, NO_OFFER, ended
from bot.handoff.lines import Lines
from bot.handoff.requests import columns
from bot.handoff.rows import Handoff, Step
from bot.handoff.states import HELD, WAITING, Kind
from bot.settings import Settings
from knowledge.shop.shop import Shop

MODEL_DOWN = "model_down"
REOPENED = "reopened"
CALL_BACK = "call_back"
API = "api"
DAY_SECONDS = 86400.0
SUBJECT_LETTERS = 80


@dataclass(frozen=True)
class Turned:
    """What a committed change made of a conversation; `has_spoken`: it was a message of the customer."""

    tracker: Tracker
    epoch: int
    has_spoken: bool = True


class Handoffs:
    """Belongs to the turns. `shop` opens the shop for a ticket that no action has opened."""

    def __init__(
        self,
        lines: Lines,
        settings: Settings,
        shop: Callable[[Session], Shop] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._lines = lines
        self._settings = settings
        self._shop = shop
        self._clock = clock

    # ---- before the commit: what is said ----

    @staticmethod
    def taking_over(tracker: Tracker, events: Sequence[Event]) -> list[Event]:
        """The events, with a pause before the words of a person who has not taken the conversation: it is theirs."""
        first = next((at for at, event in enumerate(events) if event["event"] == "agent" and event.get("text")), None)
        if first is None or tracker.with_person:
            return list(events)
        spoken = events[first]
        taken = {**paused(spoken["timestamp"]), "by": str(spoken.get("agent") or API)}
        return [*events[:first], taken, *events[first:]]

    def reopened(self, tracker: Tracker) -> list[Event]:
        """Silences the bot where the customer comes back to people, who resolved it not long ago, by setting."""
        now = self._clock()
        if tracker.reopens_until is None or tracker.paused or now >= tracker.reopens_until:
            return []
        tracker.reopens_until = None
        events = [paused(now), slot_set("handoff_reason", REOPENED, now)]
        tracker.apply_all(events)
        return events

    def complete(self, owner: Owner, tracker: Tracker, answer: Answer) -> Answer:
        """The answer of a turn, its last line marked where the conversation changes hands with it.

        One that silenced the bot without a word (a foreign action) gets the line about it.
        """
        is_moved = tracker.paused == (owner == "bot")
        if is_moved and answer.messages:
            *others, last = answer.messages
            notice = "waiting" if tracker.paused else "back"
            return replace(answer, messages=[*others, replace(last, notice=notice)])
        if not is_moved or not tracker.paused:
            return answer
        message = self._lines.say("person_called", tracker, "waiting")
        spoken = bot_uttered(message, self._clock())
        tracker.apply(spoken)
        return Answer((*answer.events, spoken), [message], answer.decision)

    def rescue(self, unit: UnitOfWork, waiting: Waiting, tracker: Tracker) -> Answer | None:
        """For a message that could not be answered at all: a person looks after the customer, with a ticket.

        None where that has been done often enough today, or a person has the conversation anyway.
        """
        now, conversation_id = self._clock(), tracker.conversation_id
        since, most = now - DAY_SECONDS, self._settings.handoff_most_a_day
        if tracker.paused or rows.count_since(unit.connection, conversation_id, MODEL_DOWN, since) >= most:
            return None
        language = tracker.slot("language") or guess_language(waiting.message)
        ticket = self._ticket(unit.session, waiting, tracker)
        known = {"language": language, "handoff_ticket": ticket, "handoff_reason": MODEL_DOWN}
        set_slots = [slot_set(name, value, now) for name, value in known.items()]
        events = [user_uttered(waiting.message, {}, now), *set_slots, paused(now)]
        tracker.apply_all(events)
        message = self._lines.say(MODEL_DOWN, tracker, "waiting", ticket=ticket)
        spoken = bot_uttered(message, now)
        tracker.apply(spoken)
        return Answer([*events, spoken], [message])

    def _ticket(self, session: Session, waiting: Waiting, tracker: Tracker) -> str | None:
        if self._shop is None:
            return None
        receipt = self._shop(session).open_ticket(
            "handoff",
            subject_line(f"{MODEL_DOWN}: {waiting.message.text}", SUBJECT_LETTERS),
            waiting.message.text,
            key=f"rescue:{waiting.inbox_id}",
            actor=f"customer:unidentified:{tracker.conversation_id}",
            customer_id=tracker.slot("customer_id"),
            conversation_id=tracker.conversation_id,
            details={"reason": MODEL_DOWN},
        )
        return str(receipt.facts["ticket_number"])

    # ---- in the commit: what it means ----

    def concerns(self, owner: Owner, tracker: Tracker, events: Sequence[Event]) -> bool:
        """Whether `follow` has anything to do; of most turns it has nothing."""
        return tracker.paused or owner != "bot" or any(event.get("name") == CALL_BACK for event in events)

    def follow(self, connection: Connection, turned: Turned) -> None:
        """Bring the conversation's handoff to where the tracker is."""
        tracker = turned.tracker
        handoff = rows.of_conversation(connection, tracker.conversation_id)
        if not tracker.paused and handoff is None:
            self._note_call_back(connection, rows.latest(connection, tracker.conversation_id), turned)
        elif not tracker.paused and handoff is not None:
            self._give_up(connection, handoff, turned)
        elif handoff is None:
            self._request(connection, turned)
        elif handoff.state in WAITING and tracker.with_person:
            self._taken(connection, handoff, tracker.with_person, turned)
        elif turned.has_spoken:
            self._hear(connection, handoff, turned)

    def _request(self, connection: Connection, turned: Turned) -> None:
        reason = str(turned.tracker.slot("handoff_reason") or "asked")
        last = rows.latest(connection, turned.tracker.conversation_id)
        known = columns(connection, turned.tracker, reason, self._clock())
        if reason == REOPENED and last is not None:
            known["ticket_number"] = last.ticket_number
        actor = "customer" if turned.has_spoken else API
        handoff = rows.create(connection, known, Step("request", "requested", actor, self._clock(), turned.epoch))
        if turned.tracker.with_person:
            self._taken(connection, handoff, turned.tracker.with_person, turned)

    def _taken(self, connection: Connection, handoff: Handoff, name: str, turned: Turned) -> None:
        """Somebody answers who has no login here: over the API, or in another system."""
        agent = agents.outside(connection, API, name, self._clock())
        step = Step("take", "agent", API, self._clock(), turned.epoch, agent.id)
        rows.change(connection, handoff, step, **NO_OFFER, agent_id=agent.id, taken_at=self._clock())

    def _give_up(self, connection: Connection, handoff: Handoff, turned: Turned) -> None:
        kind: Kind = "hand_back" if handoff.state in HELD else "give_up"
        actor = "customer" if turned.has_spoken else API
        step = Step(kind, "bot", actor, self._clock(), turned.epoch, handoff.agent_id)
        rows.change(connection, handoff, step, **ended("bot", self._clock()))

    def _hear(self, connection: Connection, handoff: Handoff, turned: Turned) -> None:
        """The customer wrote to people: that wakes what was snoozed, and takes up what was being wrapped up."""
        moods = turned.tracker.slot("recent_sentiment")
        rows.note(connection, handoff, mood=moods[-1] if moods else handoff.mood)
        self._note_call_back(connection, handoff, turned)
        if handoff.state in ("snoozed", "wrapup"):
            step = Step("wake", "agent", "customer", self._clock(), handoff.epoch, handoff.agent_id)
            rows.change(connection, handoff, step, **AT_HAND)

    def _note_call_back(self, connection: Connection, handoff: Handoff | None, turned: Turned) -> None:
        contact = turned.tracker.slot(CALL_BACK)
        if handoff is None or not contact or contact == handoff.call_back:
            return
        step = Step("call_back", handoff.state, "customer", self._clock(), handoff.epoch, handoff.agent_id)
        rows.note(connection, handoff, call_back=contact)
        rows.record(connection, handoff, step, handoff.state)
