"""Holding the conversations of conversations.yml with the assembled bot."""

import hashlib
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

import yaml
from sqlalchemy import text

from bot.assembly import Kefu
from bot.console.login.demo import HOST, seed_demo_agents
from bot.database import UnitOfWork
from bot.handoff import agents
from bot.made_up.dating import Diary, move
from bot.messages import UserMessage
from knowledge.shop.demo.listing import customers_to_try

SCRIPTS = Path(__file__).parent / "conversations.yml"
TAG = "made-up"
CHANNELS = {"en": ("web", "web", "web", "whatsapp", "email", "telegram"), "zh": ("web", "web", "wechat", "wecom_kf")}
PEOPLE = 40
DAY_SECONDS = 86_400.0
FIRST_HOUR, LAST_HOUR = 8, 22
"""When customers write, by the clock of this machine."""
WAITING_MINUTES = (1.0, 3.0, 9.0)
LONGEST_SECONDS = 3600.0
"""None of them takes longer: what is over today must not lie in the future."""

_SENT = text("UPDATE outbox SET status = 'delivered' WHERE conversation_id = :id AND status = 'pending'")
_TAG = text("INSERT INTO tags (conversation_id, tag) VALUES (:id, :tag) ON CONFLICT DO NOTHING")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Helper:
    """A person who takes over: the local part of their address, what they say, and how it ends."""

    who: str
    says: Sequence[str]
    ends: Literal["resolved", "bot"]


@dataclass(frozen=True)
class Script:
    language: Literal["en", "zh"]
    often: int
    says: Sequence[str]
    signed_in: bool = False
    is_waiting: bool = False
    agent: Helper | None = None
    then: Sequence[str] = ()
    rates: Sequence[str] = ()


@dataclass(frozen=True)
class Customer:
    id: str
    order: str


@dataclass
class Talk:
    """One conversation while it is held; `moment` is where it has come to in the past that it is made up for."""

    kefu: Kefu
    channel: str
    sender: str
    customer: Customer
    is_signed_in: bool
    moment: float
    made: random.Random
    diary: Diary = field(default_factory=Diary)
    said: int = 0

    @property
    def id(self) -> str:
        return f"{self.channel}:{self.sender}"

    async def say(self, words: str) -> str:
        """What the bot answered."""
        self._pass(20, 90)
        self.said += 1
        metadata = {"signed_as": self.customer.id} if self.is_signed_in else {}
        words = words.format(order=self.customer.order)
        message = UserMessage(self.channel, self.sender, words, f"made-up-{self.said}", metadata=metadata)
        lines = await self.kefu.turns.receive(message)
        self._sent()
        return "\n".join(line.message.text or "" for line in lines)

    async def hand_over(self, helper: Helper) -> None:
        """The person takes it, and says the first things."""
        with self.kefu.database.read() as connection:
            agent = agents.by_email(connection, helper.who + HOST)
        assert agent is not None, f"{helper.who} is one of the demo's agents"
        self._pass(30, 400)
        await self._at_desk(lambda unit: self.kefu.desk.take(unit, self.id, agent.id, None))
        for words in helper.says:
            self._pass(25, 120)
            await self._at_desk(partial(self._say_as, agent.id, words))

    async def end(self, helper: Helper) -> None:
        self._pass(20, 200)
        with self.kefu.database.read() as connection:
            agent = agents.by_email(connection, helper.who + HOST)
        assert agent is not None
        finish = self.kefu.desk.resolve if helper.ends == "resolved" else self.kefu.desk.hand_back
        await self._at_desk(lambda unit: finish(unit, self.id, agent.id, None))

    def _say_as(self, agent_id: str, words: str, unit: UnitOfWork) -> object:
        return self.kefu.desk.say(unit, self.id, agent_id, None, words)

    async def _at_desk(self, work: Callable[[UnitOfWork], object]) -> None:
        await self.kefu.turns.change(self.id, work)
        self._sent()

    def _sent(self) -> None:
        """The customer has read it: nothing of it is held back when the conversation changes hands."""
        with self.kefu.database.transaction() as session:
            session.execute(_SENT, {"id": self.id})

    def _pass(self, least: float, most: float) -> None:
        self.moment += self.made.uniform(least, most)
        self.diary.note(time.time(), self.moment)


async def make_up(kefu: Kefu, count: int, days: int, seed: int, progress: Progress = lambda _done, _all: None) -> int:
    """Hold `count` conversations of the last `days` days, and a few that wait now; returns how many that were:
    none where those of the seed are there already."""
    if _is_there(kefu, seed):
        return 0
    seed_demo_agents(kefu.database)
    made = random.Random(seed)
    people = {language: _customers(kefu, language) for language in ("en", "zh")}
    scripts = list(_chosen(read_scripts(), count, made))
    for number, script in enumerate(scripts):
        customer = made.choice(people[script.language])
        channel = made.choice(CHANNELS[script.language])
        sender = sender_of(seed, number)
        moment = _moment(script, number, days, made)
        await _hold(Talk(kefu, channel, sender, customer, script.signed_in, moment, made), script)
        progress(number + 1, len(scripts))
    return len(scripts)


def read_scripts() -> list[Script]:
    return [_script(each) for each in yaml.safe_load(SCRIPTS.read_text(encoding="utf-8"))]


def sender_of(seed: int, number: int) -> str:
    """The same for the same seed, and like those of real customers."""
    return hashlib.sha256(f"made up {seed} {number}".encode()).hexdigest()[:20]


async def _hold(talk: Talk, script: Script) -> None:
    for words in script.says:
        await talk.say(words)
    if script.agent and _owner(talk) == "queue":
        await talk.hand_over(script.agent)
        if script.agent.ends == "resolved":
            for words in script.then:
                await talk.say(words)
        await talk.end(script.agent)
        if script.agent.ends == "bot":
            for words in script.then:
                await talk.say(words)
    if script.rates and (answer := talk.made.choice(script.rates)):
        await talk.say(answer)
    with talk.kefu.database.transaction() as session:
        move(session.connection(), talk.id, talk.diary)
        session.execute(_TAG, {"id": talk.id, "tag": TAG})


def _is_there(kefu: Kefu, seed: int) -> bool:
    held = text("SELECT COUNT(*) FROM conversations WHERE sender_id = :id")
    with kefu.database.read() as connection:
        return bool(connection.execute(held, {"id": sender_of(seed, 0)}).scalar())


def _owner(talk: Talk) -> str:
    with talk.kefu.database.read() as connection:
        return str(connection.execute(text("SELECT owner FROM conversations WHERE id = :id"), {"id": talk.id}).scalar())


def _chosen(scripts: Sequence[Script], count: int, made: random.Random) -> Iterator[Script]:
    """As often as each says, the waiting ones last and each once."""
    past = [script for script in scripts if not script.is_waiting]
    yield from made.choices(past, [script.often for script in past], k=count)
    yield from (script for script in scripts if script.is_waiting)


def _moment(script: Script, number: int, days: int, made: random.Random) -> float:
    """More of them lately, and only in the day. Who waits has waited some minutes."""
    now = time.time()
    if script.is_waiting:
        return now - 60 * WAITING_MINUTES[number % len(WAITING_MINUTES)] - 120
    day = now - DAY_SECONDS * days * made.random() ** 1.4
    midnight = datetime.fromtimestamp(day).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    moment = midnight + 3600 * made.triangular(FIRST_HOUR, LAST_HOUR)
    return moment if moment < now - LONGEST_SECONDS else moment - DAY_SECONDS


def _customers(kefu: Kefu, language: str) -> list[Customer]:
    with kefu.database.read_session() as session:
        listed = customers_to_try(session, locale=language, limit=PEOPLE)
    return [Customer(each["customer_id"], each["orders"][0]["order_number"]) for each in listed if each["orders"]]


def _script(described: Mapping[str, Any]) -> Script:
    helper = described.get("agent")
    return Script(**{**described, "agent": Helper(**helper) if helper else None})
