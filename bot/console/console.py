"""The agents' console behind HTTP: every router of it, and its files. What it is made of, app.py hands over."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from anyio import from_thread
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from bot.console import agents, audit_pages, canned, people, profile, static, teaching_pages, undelivered
from bot.console.conversation import files
from bot.console.conversation import pages as conversation_pages
from bot.console.conversation.acting import Acting
from bot.console.conversation.pages import Room
from bot.console.conversation.suggestions import Suggesting
from bot.console.conversation.teaching import School
from bot.console.live import connection, hub
from bot.console.live import pages as live_pages
from bot.console.login import pages as login_pages
from bot.console.login.access import Access
from bot.console.login.demo import seed_demo_agents, shut_demo_agents_out
from bot.console.login.pages import Hall
from bot.console.login.sessions import Lifetime
from bot.console.login.signing_in import SigningIn
from bot.console.metrics import ConsoleMetrics, QueueNow
from bot.console.orders import pages as order_pages
from bot.console.profile_view import ProfileView
from bot.console.queue import pages as queue_pages
from bot.console.queue.counts import queue_now
from bot.console.queue.items import Listing
from bot.console.seeing import Seeing
from bot.conversation.live import Live
from bot.database import Database
from bot.handoff.context import Packing
from bot.handoff.desk import Desk
from bot.messaging.channel import Channel
from bot.messaging.fetching import Terms
from bot.messaging.windows import window_closes_at
from bot.settings import Settings
from bot.turn import Turns
from knowledge.articles.article import Article
from knowledge.articles.index import ArticleIndex
from knowledge.shop.policy import ShopPolicy

Language = Literal["en", "zh"]


@dataclass(frozen=True)
class Parts:
    """What the console works with."""

    settings: Settings
    turns: Turns
    desk: Desk
    live: Live
    metrics: CollectorRegistry
    policy: Callable[[], ShopPolicy]
    profiles: ProfileView
    articles: Sequence[Article]
    index: Callable[[], ArticleIndex]
    facts: Callable[[Language], Mapping[str, str]]
    """The shop's, for the articles' placeholders."""
    intents: Collection[str] | None
    """What a message can mean; None takes every name."""
    title: Callable[[str, Language], str | None]
    """What people call an intent."""
    channels: Mapping[str, Channel[Any]]
    files: Path
    """The folder of its pages."""

    @property
    def database(self) -> Database:
        return self.turns.database


def add_console(app: FastAPI, parts: Parts) -> None:
    """Its routes, and last its files: `/console/…`."""
    settings, database, live = parts.settings, parts.database, parts.live
    if settings.demo:
        seed_demo_agents(database)
        with database.writing() as seeding:
            canned.seed_canned(seeding, time.time())
            seeding.commit()
    else:
        shut_demo_agents_out(database)
    lifetime = Lifetime(settings.console_idle_minutes * 60.0, settings.console_session_hours * 3600.0)
    seeing = Seeing(settings.agents_see)
    access = Access(database, lifetime, settings.public_url, seeing)
    app.state.access = access
    metrics = ConsoleMetrics(parts.metrics, lambda: queue_of(database))
    window_hours = {name: channel.can.window_hours for name, channel in parts.channels.items()}
    listing = Listing(settings.console_answer_seconds, window_hours, seeing)
    on_end, on_people, on_change = wakers(live)
    hall = Hall(access, SigningIn(database, lifetime, settings.demo), on_end, on_people, metrics.signed_in)
    room = room_of(parts, listing)
    door = connection.Door(access, hub.Hub(database, live, listing), live)
    for router in (
        login_pages.router(hall),
        people.router(database, on_people),
        agents.router(database, on_end, on_people),
        audit_pages.router(database),
        undelivered.router(database, on_change),
        canned.router(database),
        teaching_pages.router(parts.intents, parts.title, parts.articles),
        queue_pages.router(database, listing),
        live_pages.router(door),
        conversation_pages.handling(room),
        conversation_pages.noting(room, on_change),
        files.router(files.Shelf(database, Terms(settings.attachment_limit_bytes, settings.attachment_types), seeing)),
        order_pages.router(parts.turns, parts.policy),
        profile.router(database, parts.profiles, packing_of(parts)),
        conversation_pages.reading(room),  # last of them: it takes every path that is left
        static.router(),
    ):
        app.include_router(router)
    app.mount("/console", static.ConsoleFiles(parts.files), name="console")


def wakers(live: Live) -> tuple[Callable[[str], None], Callable[[], None], Callable[[str], None]]:
    """For routes, which run in threads: a session has ended; somebody came, went or changed; a conversation changed."""

    def wake(key: str) -> None:
        from_thread.run_sync(live.changed, key)

    return lambda session: wake(hub.session_key(session)), lambda: wake(hub.PEOPLE), wake


def room_of(parts: Parts, listing: Listing) -> Room:
    shelf = {(one.slug, one.language): one for one in parts.articles}
    is_kept = parts.settings.review_retention_days > 0
    school = School(parts.intents, lambda slug, language: shelf.get((slug, language)), is_kept)
    return Room(Acting(parts.turns, parts.desk, listing), school, Suggesting(parts.index, parts.facts), parts.title)


def packing_of(parts: Parts) -> Packing:
    closes_at = partial(window_closes_at, channels=parts.channels)
    return Packing(parts.turns.trackers, parts.index, parts.policy, parts.facts, closes_at, parts.title)


def queue_of(database: Database) -> QueueNow:
    with database.read() as reading:
        return queue_now(reading, time.time())
