"""The operators' view of conversations, in Rasa's shape. Needs the API token; without one set, none of this exists.

GET  /conversations/{id}/tracker           state and events
POST /conversations/{id}/tracker/events    append events; {"event": "resume", "note": …} hands back to the bot
GET  /conversations/{id}/explain/{turn}    why the bot did what it did

Of Rasa's `include_events`, APPLIED and AFTER_RESTART mean the same here: no event is ever undone.
"""

import time
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends
from pydantic import SecretStr

from bot.console.access import require
from bot.conversation import outbox, tracker_store
from bot.conversation.events import Event, EventError, accepted
from bot.conversation.tracker import Tracker
from bot.conversation.tracker_store import Change, Head, StaleConversation
from bot.database import UnitOfWork
from bot.handoff.following import Turned
from bot.messages import BotMessage
from bot.problem import Problem
from bot.turn import Turns, owner_after

IncludeEvents = Literal["NONE", "APPLIED", "AFTER_RESTART", "ALL"]
Appended = dict[str, Any] | list[dict[str, Any]]


def router(turns: Turns, token: SecretStr) -> APIRouter:
    routes = APIRouter(tags=["conversations"], dependencies=[Depends(require(token))])
    conversations = Conversations(turns)

    @routes.get("/conversations/{conversation_id:path}/tracker", summary="State and events of a conversation")
    async def tracker(conversation_id: str, include_events: IncludeEvents = "AFTER_RESTART") -> dict[str, Any]:
        return await turns.run(conversations.state, conversation_id, include_events)

    @routes.post("/conversations/{conversation_id:path}/tracker/events", summary="Append events")
    async def append(
        conversation_id: str, events: Annotated[Appended, Body()], include_events: IncludeEvents = "AFTER_RESTART"
    ) -> dict[str, Any]:
        checked = check_events(events)
        await turns.change(conversation_id, lambda unit: conversations.append(unit, conversation_id, checked))
        return await turns.run(conversations.state, conversation_id, include_events)

    @routes.get("/conversations/{conversation_id:path}/explain/{turn}", summary="The decision record of a turn")
    async def explain(conversation_id: str, turn: int) -> dict[str, Any]:
        return await turns.run(conversations.decision, conversation_id, turn)

    return routes


def check_events(events: Appended) -> list[Event]:
    try:
        return accepted([events] if isinstance(events, dict) else events, time.time())
    except EventError as error:
        raise Problem(422, "Unprocessable event", f"{error}.") from None


class Conversations:
    """Reads and operators' changes, in the caller's thread. Raises Problem 404 for a conversation nobody began."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    def state(self, conversation_id: str, include: IncludeEvents) -> dict[str, Any]:
        with self._turns.database.read() as connection:
            head = _known(tracker_store.head(connection, conversation_id), conversation_id)
            tracker = self._turns.trackers.read(connection, conversation_id)
            events = [] if include == "NONE" else tracker_store.events(connection, conversation_id)
        shown = events if include == "ALL" else _after_restart(events)
        return {**tracker.state(), "events": shown, "owner": head.owner, "turns": head.turns}

    def decision(self, conversation_id: str, turn: int) -> dict[str, Any]:
        with self._turns.database.read() as connection:
            _known(tracker_store.head(connection, conversation_id), conversation_id)
            found = tracker_store.decision(connection, conversation_id, turn)
        if found is None:
            raise Problem(404, "Not found", f"Turn {turn} of {conversation_id} has no decision record.")
        return found

    def append(self, unit: UnitOfWork, conversation_id: str, events: Sequence[Event]) -> None:
        """Fold the events in and commit. An `agent` event with a text is also sent to the customer, and takes over."""
        connection = unit.connection
        head = _known(tracker_store.head(connection, conversation_id), conversation_id)
        tracker = self._turns.trackers.read(connection, conversation_id)
        events = self._turns.handoffs.taking_over(tracker, events)
        tracker.apply_all(events)
        messages = [BotMessage(text=str(e["text"])) for e in events if e["event"] == "agent" and e.get("text")]
        change = _change(head, tracker, events, len(messages))
        now = time.time()
        try:
            last_seq, epoch = tracker_store.save(connection, change, tracker, now)
        except StaleConversation:
            raise Problem(409, "Conflict", "The conversation changed meanwhile; send the events again.") from None
        if messages:
            first_seq = last_seq - len(messages) + 1
            outbox.put(connection, outbox.Batch(conversation_id, messages, first_seq, epoch, role="agent"), now)
        if change.is_moved:
            outbox.refuse_outdated(connection, conversation_id)
        if self._turns.handoffs.concerns(head.owner, tracker, events):
            self._turns.handoffs.follow(connection, Turned(tracker, epoch, has_spoken=False))
        unit.commit()


def _change(head: Head, tracker: Tracker, events: Sequence[Event], messages: int) -> Change:
    owner = owner_after(head.owner, tracker)
    return Change(
        conversation_id=head.id,
        version=head.version,
        turn=tracker.turn_number,
        messages=messages,
        owner=owner,
        is_moved=owner != head.owner,
        language=tracker.slot("language"),
        customer_id=tracker.slot("customer_id"),
        signed_as=head.signed_as,
        signed_until=head.signed_until,
        events=events,
        decision=None,
    )


def _known(head: Head | None, conversation_id: str) -> Head:
    if head is None:
        raise Problem(404, "Not found", f"There is no conversation {conversation_id}.")
    return head


def _after_restart(events: list[Event]) -> list[Event]:
    restarts = [number for number, event in enumerate(events) if event["event"] == "restart"]
    return events[restarts[-1] :] if restarts else events
