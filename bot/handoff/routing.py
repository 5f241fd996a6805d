"""Who is offered a waiting conversation, and why. Pure: the same people and loads make the same choice.

Only who is there, has a hand free, has no other offer before them and has not declined it is asked; supervisors after
it has waited too long. Of these the one who speaks the customer's language, knows the matter, knows the customer and
has most hands free comes first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.handoff.agents import Agent
from bot.handoff.hands import Hands
from bot.handoff.reasons import Because, topic, why_agent
from bot.handoff.rows import Handoff

SKILL_POINTS = 4.0
"""For the first skill that is wanted (the matter); half as much for each of the others."""
KNOWN_POINTS = 3.0
FREE_POINTS = 2.0
"""For empty hands; less as they fill."""


@dataclass(frozen=True)
class Choice:
    agent: Agent
    points: float
    because: tuple[Because, ...]


def choose(handoff: Handoff, people: Sequence[Agent], hands: Hands, knows: str | None, now: float) -> Choice | None:
    """The best one to offer it to, None when nobody can take it now. `knows`: who talked with this customer last."""
    free = [agent for agent in people if can_take(agent, handoff, hands, now)]
    speaking = [agent for agent in free if handoff.language in agent.languages]
    if not speaking and not handoff.escalated_at and any(handoff.language in agent.languages for agent in people):
        return None  # somebody who speaks it is only busy: worth a wait
    judged = [judge(handoff, agent, hands.load(agent), knows) for agent in speaking or free]
    return max(judged, key=lambda choice: (choice.points, choice.agent.id), default=None)


def can_take(agent: Agent, handoff: Handoff, hands: Hands, now: float) -> bool:
    is_asked = agent.role == "agent" or handoff.escalated_at is not None
    return is_asked and hands.may_ask(agent) and agent.is_present(now) and agent.id not in handoff.tried


def judge(handoff: Handoff, agent: Agent, load: int, knows: str | None) -> Choice:
    speaks = handoff.language in agent.languages
    because = [why_agent("language", name=agent.name) if speaks else why_agent("no_language")]
    points = FREE_POINTS * (1 - load / agent.capacity)
    for number, skill in enumerate(handoff.skills):
        if has_skill(agent, skill):
            points += SKILL_POINTS if number == 0 else SKILL_POINTS / 2
            because.append(_knows_matter(agent, skill))
    if agent.id == knows:
        points += KNOWN_POINTS
        because.append(why_agent("knows_customer", name=agent.name))
    if agent.role != "agent":
        because.append(why_agent("supervisor"))
    because.append(why_agent("load", name=agent.name, load=load, capacity=agent.capacity))
    return Choice(agent, points, tuple(because))


def has_skill(agent: Agent, skill: str) -> bool:
    """A skill is an intent, or a word of it: who knows "orders" or "order" knows `cancel_order`."""
    words = {_singular(word) for word in skill.split("_")}
    return any(each == skill or _singular(each) in words for each in agent.skills)


def _singular(word: str) -> str:
    return word.casefold().removesuffix("s")


def _knows_matter(agent: Agent, skill: str) -> Because:
    why = why_agent("skill", name=agent.name, what=topic(skill, "en"))
    return {**why, "zh": why_agent("skill", name=agent.name, what=topic(skill, "zh"))["zh"]}
