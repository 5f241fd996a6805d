"""Deeds, and columns, that the desk and the clock have in common."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.handoff.agents import Agent
from bot.handoff.lines import Lines
from bot.handoff.reasons import Because
from bot.handoff.rows import Handoff
from bot.handoff.situation import Deed, Situation
from bot.handoff.states import Kind, State
from bot.handoff.stretch import stretch_ended
from bot.rating.asking import ask_about_person
from bot.settings import Settings

NO_OFFER: Mapping[str, object] = MappingProxyType({"offered_to": None, "offered_until": None})
NOT_HELD: Mapping[str, object] = MappingProxyType(
    {"agent_id": None, "taken_at": None, "snoozed_until": None, "wrapup_at": None}
)
AT_HAND: Mapping[str, object] = MappingProxyType({"snoozed_until": None, "wrapup_at": None})


def why_here(handoff: Handoff) -> tuple[Because, ...]:
    """Why it is with people, without why it was offered to one of them: that says nothing about the next."""
    return tuple(why for why in handoff.because if why["about"] != "agent")


def ended(state: State, now: float, note: str = "") -> Mapping[str, object]:
    """It is over; a note replaces an older one."""
    noted = {"note": note} if note else {}
    return {**NO_OFFER, "snoozed_until": None, "ended_at": now, "ended_as": state, **noted}


def unoffered(kind: Kind, handoff: Handoff, actor: str, now: float) -> Deed:
    """The offer is over without a taker."""
    tried = (*handoff.tried, *([handoff.offered_to] if handoff.offered_to else []))
    values = {**NO_OFFER, "tried": tried, "because": why_here(handoff)}
    return Deed(kind, "requested", actor, now, handoff.offered_to, values=values)


def resolved(
    here: Situation,
    handoff: Handoff,
    agent: Agent,
    actor: str,
    lines: Lines,
    settings: Settings,
    now: float,
    note: str = "",
) -> Deed:
    """Done: the customer is told and asked how it was, and the bot is back, unless the setting keeps people for it."""
    until = now + settings.handoff_reopen_hours * 3600 if settings.handoff_reopened == "agent" else None
    closing = lines.told("person_resolved", here.tracker, "resolved", agent=agent.name)
    language = "zh" if here.tracker.slot("language") == "zh" else "en"
    rating = ask_about_person(
        here.connection, here.head.id, handoff.id, here.head.turns, language, agent.name, now, settings.csat
    )
    return Deed(
        "resolve",
        "resolved",
        actor,
        now,
        agent.id,
        note or None,
        events=stretch_ended(here.tracker, handoff, agent.name, note, now, until),
        notices=[*closing, *([rating] if rating else [])],
        values=ended("resolved", now, note),
    )


def woken(here: Situation, epoch: int | None, actor: str, now: float) -> Handoff:
    """Do it: what is snoozed is its agent's to answer again."""
    here.expect(epoch)
    handoff = here.open_handoff()
    if handoff.state != "snoozed":
        return handoff
    return here.write(Deed("wake", "agent", actor, now, handoff.agent_id, values={"snoozed_until": None}))[0]
