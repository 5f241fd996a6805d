"""The queue over HTTP: lists, what can be filtered by, and what is in each tab."""

import time
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query

from bot.console.login.access import Agent
from bot.console.queue.counts import counts
from bot.console.queue.cursors import after
from bot.console.queue.items import Listing
from bot.console.queue.search import Search, Sla, Sort, Tab, Value
from bot.conversation.sql import Statement
from bot.database import Database
from bot.problem import Problem

LONGEST_SEARCH = 200

_TAGS = Statement("SELECT tag, COUNT(*) FROM tags GROUP BY tag ORDER BY COUNT(*) DESC, tag LIMIT 200")
_CHANNELS = Statement("SELECT DISTINCT channel FROM conversations ORDER BY channel")

Words = Annotated[str, Query(max_length=LONGEST_SEARCH)]
Limit = Annotated[int, Query(ge=1, le=200)]


def router(database: Database, listing: Listing) -> APIRouter:
    routes = APIRouter(tags=["console"], prefix="/console/api")

    @routes.get("/queue", summary="Conversations, by tab and filters")
    def queue(
        person: Agent,
        tab: Tab = "all",
        channel: Words = "",
        language: Words = "",
        mood: Words = "",
        value: Value | None = None,
        tag: Words = "",
        sla: Sla | None = None,
        intent: Words = "",
        agent: Words = "",
        search: Words = "",
        sort: Sort = "waiting",
        cursor: Words = "",
        limit: Limit = 50,
    ) -> dict[str, Any]:
        filters = (tab, channel, language, mood, value, tag, sla, intent, agent)
        wanted = Search(*filters, words=search, sort=sort, after=after(cursor), limit=limit)
        now = time.time()
        with database.read() as connection:
            items, next_cursor = listing.page(connection, wanted, person.id)
            shown = counts(connection, person.id, now, listing.seeing.of(connection, person.id))
        return {"items": [asdict(item) for item in items], "next_cursor": next_cursor, "counts": shown, "seq": seq(now)}

    @routes.get("/queue/{conversation_id:path}", summary="One conversation, as the queue lists it")
    def one(person: Agent, conversation_id: str) -> dict[str, Any]:
        with database.read() as connection:
            return item_of(listing, connection, conversation_id, person.id)

    @routes.get("/channels", summary="Where conversations have come from")
    def channels(_person: Agent) -> list[str]:
        with database.read() as connection:
            return [str(row[0]) for row in _CHANNELS.all(connection, {})]

    @routes.get("/tags", summary="The tags in use, the most used first")
    def tags(_person: Agent) -> list[dict[str, Any]]:
        with database.read() as connection:
            return [{"tag": tag, "count": count} for tag, count in _TAGS.all(connection, {})]

    return routes


def item_of(listing: Listing, connection: Any, conversation_id: str, me: str) -> dict[str, Any]:
    """Raises Problem 404 for a conversation that nobody began."""
    found = listing.of(connection, [conversation_id], me)
    if not found:
        raise Problem(404, "Not found", f"There is no conversation {conversation_id}.")
    return asdict(found[0])


def seq(now: float) -> int:
    """The number of a moment: what a console that was away begins from again, with any process."""
    return int(now * 1000)
