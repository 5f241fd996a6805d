"""Canned replies: sentences that agents need again and again, in both languages, found by a shortcut.

`{name}`, `{agent}` and `{order}` are filled in where they are known; where one is not, it goes together with the space
or comma before it, so that "Hello {name}!" still is a greeting.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from bot.console import audit
from bot.console.login.access import Agent, Supervisor
from bot.console.person import Person
from bot.conversation.sql import Statement
from bot.database import Database
from bot.problem import Problem
from knowledge.shop.types import join_name

PLACEHOLDER = re.compile(r"[\s,，、]*\{(\w+)\}")
KNOWN = frozenset({"name", "agent", "order"})
SHORTCUT = r"^[\w-]{1,40}$"
LONGEST = 4000
NOTHING = 204

_ALL = Statement("SELECT id, shortcut, title, text_en, text_zh FROM canned_replies ORDER BY shortcut")
_ADD = Statement(
    "INSERT INTO canned_replies (shortcut, title, text_en, text_zh, updated_at)"
    " VALUES (:shortcut, :title, :text_en, :text_zh, :now) ON CONFLICT (shortcut) DO NOTHING RETURNING id"
)
_CHANGE = Statement(
    "UPDATE canned_replies SET shortcut = :shortcut, title = :title, text_en = :text_en, text_zh = :text_zh,"
    " updated_at = :now WHERE id = :id"
    " AND NOT EXISTS (SELECT 1 FROM canned_replies x WHERE x.shortcut = :shortcut AND x.id <> :id) RETURNING id"
)
_EXISTS = Statement("SELECT 1 FROM canned_replies WHERE id = :id")
_REMOVE = Statement("DELETE FROM canned_replies WHERE id = :id RETURNING id")
_CONVERSATION = Statement(
    "SELECT COALESCE(c.language, 'en'), cu.first_name, cu.last_name, (SELECT o.order_number FROM orders o"
    " WHERE o.customer_id = c.customer_id ORDER BY o.placed_at DESC, o.order_id DESC LIMIT 1)"
    " FROM conversations c LEFT JOIN customers cu ON cu.customer_id = c.customer_id WHERE c.id = :id"
)


@dataclass(frozen=True)
class Canned:
    id: int
    shortcut: str
    title: str
    text_en: str
    text_zh: str

    def filled(self, language: str, values: Mapping[str, str]) -> str:
        return filled(self.text_zh if language == "zh" else self.text_en, values)


class Reply(BaseModel):
    shortcut: str = Field(pattern=SHORTCUT, max_length=40)
    title: str = Field(min_length=1, max_length=100)
    text_en: str = Field(min_length=1, max_length=LONGEST)
    text_zh: str = Field(min_length=1, max_length=LONGEST)


BEGINNINGS = (
    Reply(
        shortcut="hello",
        title="Hello · 问候",
        text_en="Hello {name}, this is {agent}. How can I help you?",
        text_zh="{name}您好，我是{agent}，请问有什么可以帮您？",
    ),
    Reply(
        shortcut="moment",
        title="One moment · 请稍等",
        text_en="Let me look into this for you. It will take me a minute or two.",
        text_zh="我帮您查一下，请稍等一两分钟。",
    ),
    Reply(
        shortcut="sorry",
        title="Sorry · 致歉",
        text_en="I'm sorry about this, {name}. Let me put it right.",
        text_zh="非常抱歉给您添麻烦了，我这就帮您处理。",
    ),
    Reply(
        shortcut="late",
        title="Late parcel · 包裹延误",
        text_en="Your order {order} is taking longer than it should, and I'm sorry. I'm asking the carrier where it is "
        "and will tell you here what they say.",
        text_zh="您的订单 {order} 比预计慢了，真的很抱歉。我正在联系快递核实位置，有消息马上在这里告诉您。",
    ),
    Reply(
        shortcut="else",
        title="Anything else · 还有别的吗",
        text_en="Is there anything else I can do for you?",
        text_zh="请问还有其他可以帮您的吗？",
    ),
    Reply(
        shortcut="bye",
        title="Goodbye · 道别",
        text_en="Thank you for writing to us, {name}. Have a lovely day!",
        text_zh="感谢您联系我们，祝您生活愉快！",
    ),
)


def router(database: Database) -> APIRouter:
    routes = APIRouter(tags=["console"], prefix="/console/api/canned")

    @routes.get("", summary="All canned replies; filled in for a conversation")
    def all_of_them(person: Agent, conversation_id: str = "") -> list[dict[str, Any]]:
        with database.read() as connection:
            language, values = filling(connection, conversation_id, person)
            return [{**asdict(one), "text": one.filled(language, values)} for one in everything(connection)]

    @routes.post("", status_code=201, summary="Write a canned reply")
    def add(person: Supervisor, reply: Reply) -> dict[str, Any]:
        return _write(database, person, reply, None)

    @routes.put("/{number}", summary="Change a canned reply")
    def change(person: Supervisor, number: int, reply: Reply) -> dict[str, Any]:
        return _write(database, person, reply, number)

    @routes.delete("/{number}", status_code=NOTHING, summary="Remove a canned reply")
    def remove(person: Supervisor, number: int) -> None:
        with database.writing() as connection:
            if _REMOVE.first(connection, {"id": number}) is None:
                raise Problem(404, "Not found", f"There is no canned reply {number}.")
            audit.write(connection, person, "remove_canned_reply", str(number), time.time())
            connection.commit()

    return routes


def everything(connection: Connection) -> list[Canned]:
    return [Canned(*row) for row in _ALL.all(connection, {})]


def seed_canned(connection: Connection, now: float) -> None:
    """A few to begin with, where there are none. The caller commits."""
    if not everything(connection):
        for reply in BEGINNINGS:
            _ADD.first(connection, {**reply.model_dump(), "now": now})


def filling(connection: Connection, conversation_id: str, person: Person) -> tuple[str, dict[str, str]]:
    """The conversation's language, and what the placeholders stand for in it."""
    row = _CONVERSATION.first(connection, {"id": conversation_id}) or ("en", None, None, None)
    language, first, last, order = row
    name = (join_name(first, last) if language == "zh" else first) if first else ""
    return language, {"name": name, "agent": person.name, "order": order or ""}


def filled(words: str, values: Mapping[str, str]) -> str:
    def put(found: re.Match[str]) -> str:
        if found[1] not in KNOWN:
            return found[0]
        value = values.get(found[1], "")
        return found[0].replace(f"{{{found[1]}}}", value) if value else ""

    return PLACEHOLDER.sub(put, words)


def _write(database: Database, person: Person, reply: Reply, number: int | None) -> dict[str, Any]:
    now = time.time()
    with database.writing() as connection:
        kept = _keep(connection, reply, number, now)
        audit.write(connection, person, "write_canned_reply", str(kept), now)
        connection.commit()
    return {"id": kept, **reply.model_dump()}


def _keep(connection: Connection, reply: Reply, number: int | None, now: float) -> int:
    """Its number. Raises Problem 404 or 409."""
    row = {**reply.model_dump(), "now": now}
    if number is not None and _EXISTS.first(connection, {"id": number}) is None:
        raise Problem(404, "Not found", f"There is no canned reply {number}.")
    found = _ADD.first(connection, row) if number is None else _CHANGE.first(connection, {**row, "id": number})
    if found is None:
        raise Problem(409, "In use", f"There is a reply with the shortcut {reply.shortcut} already.")
    return int(found[0])
