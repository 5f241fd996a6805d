"""The service around an assembled Kefu (bot/assembly.py): its routers, its loops in the background, start and stop."""

import asyncio
import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot import identity
from bot.assembly import Kefu, session_secret, shared_secret
from bot.background import count, deliver, flush, keep_queue, refresh, swap, sweep, tell
from bot.channels import base, rest, socketio, web
from bot.channels_in_use import open_channels
from bot.console import articles as articles_pages
from bot.console import attachments as attachments_pages
from bot.console import (
    conversations,
    corrections,
    customers,
    handed_over,
    model,
    operations,
    problems,
    settings_page,
    storefront,
    unsubscribes,
)
from bot.console.access import require
from bot.console.analytics import routes as analytics
from bot.console.analytics.catching_up import catch_up
from bot.console.analytics.redacting import redactor
from bot.console.attachments import Shelf
from bot.console.console import Parts, add_console, packing_of
from bot.console.profile_view import ProfileView
from bot.crm_refit import refit_nightly
from bot.database import Database
from bot.guard import Guard
from bot.handoff.outside import taken_elsewhere
from bot.helpdesks import choosing as helpdesks
from bot.helpdesks.choosing import Elsewhere
from bot.messaging.at_work import Messaging, put_together
from bot.messaging.channel import Channel
from bot.messaging.fetching import Terms
from bot.messaging.links import Links
from bot.messaging.web_streams import Streams
from bot.settings import PACKAGE_ROOT
from knowledge.articles.facts import shop_facts
from knowledge.next_best_action.limits import load_limits

YOUNG_OBJECTS = 20_000
"""Allocations between two looks for garbage: a turn makes some thousands, nearly all of which go without one."""
WEB = PACKAGE_ROOT / "bot" / "web"


def web_app(kefu: Kefu) -> FastAPI:
    """The HTTP and WebSocket service around an assembled Kefu. It closes Kefu when it stops."""
    settings, turns = kefu.settings, kefu.turns
    channels = open_channels(settings)
    http = httpx.AsyncClient(follow_redirects=False)
    links = Links(shared_secret("link_secret", kefu.database), settings.public_url)
    terms = Terms(settings.attachment_limit_bytes, settings.attachment_types)
    messaging = put_together(
        kefu.database,
        turns,
        channels,
        http,
        links,
        terms,
        kefu.metrics,
        kefu.live.changed,
        taken_elsewhere(turns, kefu.desk),
        turns.commits,
        settings.turn_threads,
    )
    parts = console_parts(kefu, channels)
    elsewhere = helpdesks.put_together(settings, kefu.database, turns, kefu.desk, packing_of(parts), links, http)
    if elsewhere is not None:
        kefu.metrics.cases_wait(elsewhere.telling.waiting)
    app = FastAPI(
        title="Kefu",
        version=kefu.versions["kefu"],
        description="A bilingual customer-service bot.",
        lifespan=lifespan(kefu, messaging, elsewhere, http),
        docs_url=None,
        redoc_url=None,
        responses=problems.DESCRIBED,
    )
    app.add_middleware(Guard, settings.body_limit_bytes, settings.attachment_limit_bytes)
    problems.add_handlers(app)
    session = session_secret(settings, kefu.database)
    door = web.Door(turns, Streams(kefu.database), kefu.live.watch, kefu.live.changed, settings, session, links)
    app.include_router(attachments_pages.router(Shelf(kefu.database, settings, session, links, terms)))
    rest_access = [Depends(require(settings.rest_token, "KEFU_REST_TOKEN"))] if settings.rest_token else []
    app.include_router(rest.router(turns, settings, links), dependencies=rest_access)
    app.include_router(web.router(door))
    if settings.socketio_path:
        chats = socketio.Door(turns, door.streams, door.watch, settings, session, links, turns.flush)
        app.mount(settings.socketio_path, socketio.app(chats))
        app.include_router(base.health(socketio.NAME))
    for channel in channels.values():
        if channel.delivers:
            app.include_router(base.webhook(channel, messaging.intake))
            app.include_router(base.health(channel.name))
    app.include_router(operations.router(kefu.metrics, kefu.versions, lambda: missing(kefu.database), kefu.notes))
    app.include_router(model.router(kefu.parse, settings.api_token, settings.text_limit_characters))
    if settings.api_token:
        app.include_router(conversations.router(turns, settings.api_token))
        app.include_router(corrections.router(turns, settings.api_token, kefu.intents))
        limits = load_limits(settings.next_best_action_file)
        view = ProfileView(kefu.policy, kefu.domain, kefu.recommendation, limits)
        app.include_router(customers.router(kefu.database, view, settings.api_token))
    app.include_router(unsubscribes.router(kefu.database.transaction))
    app.include_router(articles_pages.router(kefu.articles, lambda language: shop_facts(kefu.policy(), language)))
    if settings.demo:
        sign = partial(identity.sign, secret=secret_of(settings.identity_secret))
        app.include_router(storefront.router(kefu.database.read_session, kefu.policy, sign))
    for part in ("widget", "pages", *(["storefront"] if settings.demo else [])):
        app.mount(f"/{part}", StaticFiles(directory=WEB / part), name=part)
    app.include_router(analytics.router(analytics_source(kefu)))
    app.include_router(settings_page.router(settings))
    if elsewhere:
        app.include_router(handed_over.router(elsewhere.hearing))
    add_console(app, parts)
    return app


def analytics_source(kefu: Kefu) -> analytics.Source:
    return analytics.Source(
        kefu.database,
        zone=lambda: ZoneInfo(kefu.policy().contact.time_zone),
        embed=kefu.embed,
        redact=redactor(kefu.database, kefu.policy, kefu.parse),
        notes=kefu.notes,
        answer_seconds=float(kefu.settings.console_answer_seconds),
    )


def console_parts(kefu: Kefu, channels: Mapping[str, Channel[Any]]) -> Parts:
    return Parts(
        kefu.settings,
        kefu.turns,
        kefu.desk,
        kefu.live,
        kefu.metrics.registry,
        kefu.policy,
        ProfileView(kefu.policy, kefu.domain, kefu.recommendation, load_limits(kefu.settings.next_best_action_file)),
        kefu.articles,
        kefu.index,
        lambda language: shop_facts(kefu.policy(), language),
        kefu.intents,
        kefu.title,
        channels,
        WEB / "console",
    )


def secret_of(secret: SecretStr | None) -> str:
    assert secret is not None, "assemble() gives a demo its identity secret"
    return secret.get_secret_value()


def lifespan(kefu: Kefu, messaging: Messaging, elsewhere: Elsewhere | None, http: httpx.AsyncClient) -> Any:
    settings = kefu.settings

    @asynccontextmanager
    async def run(_app: FastAPI) -> AsyncIterator[None]:
        await kefu.live.start()
        kefu.live.follow(messaging.delivery.wake)
        gc.collect()
        gc.freeze()
        gc.set_threshold(YOUNG_OBJECTS, 20, 50)
        work = (
            sweep(kefu.turns),
            flush(kefu.turns),
            deliver(messaging.delivery),
            *messaging.loops(),
            refresh(kefu.refresh),
            swap(kefu.swap),
            keep_queue(kefu.queue_keeper),
            *([tell(elsewhere.telling)] if elsewhere else []),
            count(lambda: catch_up(kefu.database)),
            refit_nightly(settings, kefu.database, lambda: datetime.now(ZoneInfo(kefu.policy().contact.time_zone))),
            asyncio.to_thread(kefu.warm),
        )
        tasks = [asyncio.create_task(one) for one in work]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await messaging.delivery.close()
            await kefu.close()
            await http.aclose()

    return run


def missing(database: Database) -> list[str]:
    try:
        with database.read() as connection:
            connection.execute(text("SELECT 1 FROM conversations LIMIT 1"))
    except SQLAlchemyError:
        return ["the database does not answer"]
    return []
