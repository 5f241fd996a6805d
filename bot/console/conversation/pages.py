"""A conversation over HTTP: reading it, handling it, and what agents note about it."""

import time
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from bot.console import audit
from bot.console.canned import filling
from bot.console.conversation import looks, notes, stream, view
from bot.console.conversation.acting import Acting, Saying
from bot.console.conversation.suggestions import Suggesting, vote
from bot.console.conversation.teaching import Lesson, School
from bot.console.conversation.told import Title
from bot.console.conversation.why import why
from bot.console.login.access import Agent, Supervisor
from bot.conversation.outbox import LARGEST_SEQ
from bot.database import Database, UnitOfWork

Language = Literal["en", "zh"]
Seq = Annotated[int, Query(ge=0, le=LARGEST_SEQ)]
NOTHING = 204
AT = "/{conversation_id:path}"


class Epoch(BaseModel):
    """The conversation's epoch that the agent saw; with another one now, nothing is done."""

    epoch: int = Field(ge=0)


class WithNote(Epoch):
    note: str = Field(default="", max_length=notes.LONGEST_NOTE)


class Transfer(WithNote):
    to_agent: str | None = None
    to_skill: str | None = Field(default=None, max_length=80)


class Snooze(Epoch):
    until: float


class Say(Epoch):
    text: str = Field(default="", max_length=8000)
    files: list[int] = []
    key: str = Field(min_length=8, max_length=100)


class Words(BaseModel):
    text: str


class Tags(BaseModel):
    tags: list[str]


class Seen(BaseModel):
    seq: int = Field(ge=0, le=LARGEST_SEQ)


class Vote(BaseModel):
    suggestion_id: str = Field(max_length=200)
    source: Literal["bot", "article", "canned"]
    text: str = Field(default="", max_length=8000)
    verdict: Literal["up", "down", "sent", "edited"]


class Teach(BaseModel):
    turn: int = Field(ge=1)
    intent: str | None = Field(default=None, max_length=200)
    article_id: str | None = Field(default=None, max_length=200)


@dataclass(frozen=True)
class Room:
    """What the routes below share."""

    acting: Acting
    school: School
    suggesting: Suggesting
    title: Title
    """What people call an intent."""

    @property
    def database(self) -> Database:
        return self.acting.turns.database


def handling(room: Room) -> APIRouter:
    """What an agent does with a conversation. Each answers with the conversation as the queue lists it now."""
    routes = APIRouter(tags=["console"], prefix="/console/api/conversations")
    act, desk = room.acting.do, room.acting.desk

    @routes.post(AT + "/take", summary="Take it")
    async def take(person: Agent, conversation_id: str, form: Epoch) -> dict[str, Any]:
        def work(unit: UnitOfWork) -> object:
            return desk.take(unit, conversation_id, person.id, form.epoch)

        return await act(conversation_id, person, "take", work)

    @routes.post(AT + "/take-over", summary="Take it from a colleague")
    async def take_over(person: Supervisor, conversation_id: str, form: Epoch) -> dict[str, Any]:
        def work(unit: UnitOfWork) -> object:
            return desk.relieve(unit, conversation_id, person.id, form.epoch)

        return await act(conversation_id, person, "take_over", work)

    @routes.post(AT + "/decline", summary="Say no to an offer")
    async def decline(person: Agent, conversation_id: str, form: Epoch) -> dict[str, Any]:
        def work(unit: UnitOfWork) -> object:
            return desk.decline(unit, conversation_id, person.id, form.epoch)

        return await act(conversation_id, person, "decline", work)

    @routes.post(AT + "/hand-back", summary="Hand it back to the bot")
    async def hand_back(person: Agent, conversation_id: str, form: WithNote) -> dict[str, Any]:
        def work(unit: UnitOfWork) -> object:
            return desk.hand_back(unit, conversation_id, person.id, form.epoch, form.note)

        return await act(conversation_id, person, "hand_back", work)

    @routes.post(AT + "/transfer", summary="Hand it to a colleague, a skill or the queue")
    async def transfer(person: Agent, conversation_id: str, form: Transfer) -> dict[str, Any]:
        def work(unit: UnitOfWork) -> object:
            to = (form.to_agent, form.to_skill)
            return desk.transfer(unit, conversation_id, person.id, form.epoch, *to, form.note)

        told = {"to_agent": form.to_agent, "to_skill": form.to_skill}
        return await act(conversation_id, person, "transfer", work, **told)

    @routes.post(AT + "/snooze", summary="Set it aside until then")
    async def snooze(person: Agent, conversation_id: str, form: Snooze) -> dict[str, Any]:
        def work(unit: UnitOfWork) -> object:
            return desk.snooze(unit, conversation_id, person.id, form.epoch, form.until)

        return await act(conversation_id, person, "snooze", work, until=form.until)

    @routes.post(AT + "/wake", summary="Back from snoozing")
    async def wake(person: Agent, conversation_id: str, form: Epoch) -> dict[str, Any]:
        def work(unit: UnitOfWork) -> object:
            return desk.wake(unit, conversation_id, form.epoch, f"agent:{person.id}")

        return await act(conversation_id, person, "wake", work)

    @routes.post(AT + "/wrap-up", summary="The talk is over, the paperwork is not")
    async def wrap_up(person: Agent, conversation_id: str, form: Epoch) -> dict[str, Any]:
        def work(unit: UnitOfWork) -> object:
            return desk.wrap_up(unit, conversation_id, person.id, form.epoch)

        return await act(conversation_id, person, "wrap_up", work)

    @routes.post(AT + "/resolve", summary="Done")
    async def resolve(person: Agent, conversation_id: str, form: WithNote) -> dict[str, Any]:
        def work(unit: UnitOfWork) -> object:
            return desk.resolve(unit, conversation_id, person.id, form.epoch, form.note)

        return await act(conversation_id, person, "resolve", work)

    @routes.post(AT + "/say", summary="Write to the customer")
    async def say(person: Agent, conversation_id: str, form: Say) -> dict[str, Any]:
        saying = Saying(form.text, form.key, tuple(form.files))
        return await room.acting.say(conversation_id, person, form.epoch, saying)

    return routes


def noting(room: Room, on_change: Any) -> APIRouter:
    """Notes, tags, votes and lessons. `on_change` hears which conversation has changed."""
    routes = APIRouter(tags=["console"], prefix="/console/api/conversations")
    database = room.database

    @routes.post(AT + "/notes", status_code=201, summary="Write a private note")
    def add_note(person: Agent, conversation_id: str, form: Words) -> dict[str, Any]:
        now = time.time()
        with database.writing() as connection:
            number = notes.add(connection, conversation_id, person, form.text, now)
            audit.write(connection, person, "add_note", conversation_id, now, note=number)
            lines = stream.since(connection, conversation_id, LARGEST_SEQ, now)
            connection.commit()
        on_change(conversation_id)
        return asdict(next(line for line in lines if line.key == f"note-{number}"))

    @routes.delete(AT + "/notes/{number}", status_code=NOTHING, summary="Remove a private note")
    def remove_note(person: Agent, conversation_id: str, number: int) -> None:
        with database.writing() as connection:
            notes.remove(connection, conversation_id, number, person)
            audit.write(connection, person, "remove_note", conversation_id, time.time(), note=number)
            connection.commit()
        on_change(conversation_id)

    @routes.put(AT + "/tags", summary="Set the conversation's tags")
    def set_tags(person: Agent, conversation_id: str, form: Tags) -> dict[str, list[str]]:
        with database.writing() as connection:
            kept = notes.tag(connection, conversation_id, form.tags)
            audit.write(connection, person, "tag", conversation_id, time.time(), tags=kept)
            connection.commit()
        on_change(conversation_id)
        return {"tags": kept}

    @routes.post(AT + "/seen", status_code=NOTHING, summary="Say how far one has read")
    def see(person: Agent, conversation_id: str, form: Seen) -> None:
        with database.writing() as connection:
            view.see(connection, person.id, conversation_id, form.seq)
            connection.commit()
        on_change(conversation_id)

    @routes.post(AT + "/suggestions/feedback", status_code=NOTHING, summary="Say what became of a suggestion")
    def judge(person: Agent, conversation_id: str, form: Vote) -> None:
        with database.writing() as connection:
            notes.known(connection, conversation_id)
            vote(connection, conversation_id, person.id, form.model_dump(), time.time())
            connection.commit()

    @routes.post(AT + "/teach", status_code=201, summary="Say what a message meant, or which article answers it")
    def teach(person: Agent, conversation_id: str, form: Teach) -> dict[str, Any]:
        with database.writing() as connection:
            room.school.teach(connection, conversation_id, Lesson(**form.model_dump()), person)
            audit.write(connection, person, "teach", conversation_id, time.time(), **form.model_dump())
            connection.commit()
        return {**form.model_dump(), "by": person.name, "is_kept": room.school.is_kept}

    return routes


def reading(room: Room) -> APIRouter:
    """Add it after all others: its last route takes every path that is left."""
    routes = APIRouter(tags=["console"], prefix="/console/api/conversations")
    database, listing = room.database, room.acting.listing

    @routes.get(AT + "/lines", summary="What was said since")
    def lines(person: Agent, conversation_id: str, after: Seq = 0) -> dict[str, Any]:
        with database.read() as connection:
            notes.known(connection, conversation_id)
            found = stream.since(connection, conversation_id, after, stream.FAR)
        looks.opened(database, person, conversation_id)
        return {"lines": [asdict(line) for line in found], "last_seq": max([after, *(line.seq or 0 for line in found)])}

    @routes.get(AT + "/why/{turn}", summary="Why the bot said that")
    def explain(_person: Agent, conversation_id: str, turn: int, language: Language = "en") -> dict[str, Any]:
        with database.read() as connection:
            return why(connection, conversation_id, turn, language, room.school.article, room.title)

    @routes.get(AT + "/suggestions", summary="Replies to choose from")
    def suggestions(person: Agent, conversation_id: str) -> dict[str, Any]:
        with database.read() as connection:
            notes.known(connection, conversation_id)
            spoken, values = filling(connection, conversation_id, person)
            language: Language = "zh" if spoken == "zh" else "en"
            return room.suggesting.of(connection, conversation_id, language, values)

    @routes.get(AT, summary="A conversation, newest page first")
    def conversation(
        person: Agent,
        conversation_id: str,
        before: Seq = LARGEST_SEQ,
        limit: Annotated[int, Query(ge=1, le=200)] = 100,
        language: Language = "en",
    ) -> dict[str, Any]:
        with database.read() as connection:
            found = view.opened(connection, listing, conversation_id, person.id, language, before, limit)
        looks.opened(database, person, conversation_id)
        return found

    return routes
