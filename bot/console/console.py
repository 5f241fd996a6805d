"""The agents' console behind HTTP: every router of it, and its files. What it is made of, app.py hands over."""

import time
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from bot.console import agents, audit_pages, people, static
from bot.console.login import pages as login_pages
from bot.console.login.access import Access
from bot.console.login.demo import seed_demo_agents
from bot.console.login.pages import Hall
from bot.console.login.sessions import Lifetime
from bot.console.login.signing_in import SigningIn
from bot.console.metrics import ConsoleMetrics, QueueNow
from bot.console.queue.counts import queue_now
from bot.conversation.live import Live
from bot.database import Database
from bot.settings import Settings


@dataclass(frozen=True)
class Parts:
    """What the console works with."""

    settings: Settings
    database: Database
    live: Live
    metrics: CollectorRegistry
    files: Path
    """The folder of its pages."""


def add_console(app: FastAPI, parts: Parts) -> None:
    """Its routes, and last its files: `/console/…`."""
    settings, database = parts.settings, parts.database
    if settings.demo:
        seed_demo_agents(database)
    lifetime = Lifetime(settings.console_idle_minutes * 60.0, settings.console_session_hours * 3600.0)
    access = Access(database, lifetime, settings.public_url)
    app.state.access = access
    metrics = ConsoleMetrics(parts.metrics, lambda: queue_of(database))
    hall = Hall(access, SigningIn(database, lifetime, settings.demo), lambda _: None, metrics.signed_in)
    app.include_router(login_pages.router(hall))
    app.include_router(people.router(database))
    app.include_router(agents.router(database, lambda _: None, lambda: None))
    app.include_router(audit_pages.router(database))
    app.include_router(static.router())
    app.mount("/console", static.ConsoleFiles(parts.files), name="console")


def queue_of(database: Database) -> QueueNow:
    with database.read() as connection:
        return queue_now(connection, time.time())
