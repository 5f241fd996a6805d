"""Handoffs as they are stored. What changes one writes an event beside it: there is no other way to change it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import cast

import orjson
from sqlalchemy import Connection, Row, func, insert, select, update

from bot.handoff.schema import handoff_events, handoffs
from bot.handoff.states import Kind, State, may_move

JSON = ("because", "skills", "tried")


@dataclass(frozen=True)
class Handoff:
    """One journey of a conversation to people."""

    id: int
    conversation_id: str
    state: State
    reason: str
    because: tuple[Mapping[str, str], ...]
    """Why to a person, why so soon and why to this one: [{"code", "en", "zh"}], in this order."""
    priority: str
    language: str
    channel: str
    intent: str | None
    skills: tuple[str, ...]
    """What whoever takes it should know."""
    customer_id: str | None
    segment: str | None
    value: float | None
    """Where the customer stands among all by what they spend: 0 to 1."""
    churn: float | None
    """The probability that they leave."""
    mood: float | None
    """How they felt at the last message before it, -1 to 1."""
    ticket_number: str | None
    requested_at: float
    queued_at: float
    """Since when it waits: the request, or its return to the queue."""
    offered_to: str | None
    offered_until: float | None
    tried: tuple[str, ...]
    """Agents who declined it or let the offer lapse."""
    escalated_at: float | None
    agent_id: str | None
    """Who has it, or had it last."""
    taken_at: float | None
    first_answer_at: float | None
    snoozed_until: float | None
    wrapup_at: float | None
    ended_at: float | None
    ended_as: State | None
    note: str | None
    """The latest note of an agent to whoever comes next."""
    call_back: str | None
    """Where to reach a customer who does not want to wait in the chat."""
    epoch: int
    """The conversation's, when it last changed hands."""


@dataclass(frozen=True)
class Step:
    """What happens to a handoff, and by whom: "customer", "bot", "clock", "agent:<id>" or an outside system's name."""

    kind: Kind
    after: State
    actor: str
    at: float
    epoch: int
    agent_id: str | None = None
    note: str | None = None


def of_conversation(connection: Connection, conversation_id: str) -> Handoff | None:
    """The open one."""
    query = select(handoffs).where(handoffs.c.conversation_id == conversation_id, handoffs.c.ended_at.is_(None))
    row = connection.execute(query).first()
    return handoff_of(row) if row else None


def latest(connection: Connection, conversation_id: str) -> Handoff | None:
    """The last one, open or not."""
    query = select(handoffs).where(handoffs.c.conversation_id == conversation_id)
    row = connection.execute(query.order_by(handoffs.c.id.desc()).limit(1)).first()
    return handoff_of(row) if row else None


def find(connection: Connection, handoff_id: int) -> Handoff | None:
    row = connection.execute(select(handoffs).where(handoffs.c.id == handoff_id)).first()
    return handoff_of(row) if row else None


def create(connection: Connection, values: Mapping[str, object], step: Step) -> Handoff:
    """A new handoff and its first event. The database refuses a second open one of the conversation."""
    row = {**_encoded(values), "state": step.after, "epoch": step.epoch}
    found = connection.execute(insert(handoffs).values(row).returning(handoffs.c.id)).scalar_one()
    created = find(connection, found)
    assert created is not None, "it was just written"
    record(connection, created, step, None)
    return created


def change(connection: Connection, handoff: Handoff, step: Step, **values: object) -> Handoff:
    """The handoff after the step. Raises ValueError for a step that its state does not allow."""
    if not may_move(handoff.state, step.after):
        raise ValueError(f"a handoff does not go from {handoff.state} to {step.after}")
    row = {**_encoded(values), "state": step.after, "epoch": step.epoch}
    connection.execute(update(handoffs).where(handoffs.c.id == handoff.id).values(row))
    record(connection, handoff, step, handoff.state)
    changed = find(connection, handoff.id)
    assert changed is not None, "nobody deletes a handoff in the conversation's own transaction"
    return changed


def note(connection: Connection, handoff: Handoff, **values: object) -> None:
    """Columns that say something about it and are no step: the mood, where to call back."""
    changed = {name: value for name, value in values.items() if getattr(handoff, name) != value}
    if changed:
        connection.execute(update(handoffs).where(handoffs.c.id == handoff.id).values(_encoded(changed)))


def count_since(connection: Connection, conversation_id: str, reason: str, since: float) -> int:
    """How many of the conversation's handoffs had this reason, lately."""
    query = select(func.count()).where(
        handoffs.c.conversation_id == conversation_id,
        handoffs.c.reason == reason,
        handoffs.c.requested_at >= since,
    )
    return int(connection.execute(query).scalar_one())


def record(connection: Connection, handoff: Handoff, step: Step, before: State | None) -> None:
    """The step's event, alone: for what changes no column of the handoff, or only a note."""
    event = {
        "handoff_id": handoff.id,
        "conversation_id": handoff.conversation_id,
        "kind": step.kind,
        "before": before,
        "after": step.after,
        "actor": step.actor,
        "agent_id": step.agent_id,
        "at": step.at,
        "epoch": step.epoch,
        "note": step.note,
    }
    connection.execute(insert(handoff_events).values(event))


def handoff_of(row: Row[tuple[object, ...]]) -> Handoff:
    values = dict(row._mapping)
    for name in JSON:
        stored = values[name]
        loaded = orjson.loads(cast("str", stored)) if stored is not None else None
        values[name] = tuple(loaded) if isinstance(loaded, list) else loaded
    return Handoff(**{each.name: values[each.name] for each in fields(Handoff)})


def _encoded(values: Mapping[str, object]) -> dict[str, object]:
    return {name: _dump(value) if name in JSON and value is not None else value for name, value in values.items()}


def _dump(value: object) -> str:
    return orjson.dumps(list(value) if isinstance(value, tuple) else value, default=str).decode()
