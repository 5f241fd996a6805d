"""The composition root: settings → every real object → the FastAPI app. Nothing else builds things.

assemble(settings)   database, model, assistant, actions, turns: all that answers a message
web_app(kefu)        the same behind HTTP and WebSocket
"""

import asyncio
import contextlib
import gc
import importlib.metadata
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy import text
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from actions.base import Services
from bot.action_runner import ActionRunner, HttpActionRunner, LocalActionRunner
from bot.channels import rest, web
from bot.console import conversations, model, operations
from bot.conversation import outbox, tracker_store
from bot.conversation.live import Live
from bot.conversation.outbox import Line
from bot.conversation.tracker import Tracker
from bot.conversation.tracker_store import Head, TrackerStore
from bot.database import Database, open_database, upgrade
from bot.dialogue.assistant import Assistant
from bot.dialogue.engine import DialogueEngine
from bot.dialogue.settings import DialogueSettings
from bot.guard import Guard
from bot.messages import UserMessage
from bot.problem import Problem
from bot.settings import PACKAGE_ROOT, Settings
from bot.shortcut import understood
from bot.turn import Parse, Turns, current_unit
from knowledge.articles.index import ArticleIndex
from knowledge.recommendation.recommender import Recommender
from knowledge.shop.policy import ShopPolicy, load_policy
from knowledge.shop.shop import Shop
from nlu.components.gazetteer import Gazetteer, OptionName, ProductName
from nlu.interpreter import Interpreter
from nlu.types import Language, Understanding

log = logging.getLogger("kefu")

SWEEP_SECONDS = 5.0
FLUSH_SECONDS = 0.5
WIDGET = PACKAGE_ROOT / "bot" / "web" / "widget"


@dataclass(frozen=True)
class Kefu:
    """Everything that answers a message, open and ready. `close` it when done."""

    settings: Settings
    database: Database
    parse: Callable[[str], Understanding]
    turns: Turns
    live: Live
    metrics: operations.Metrics
    versions: dict[str, str]

    async def close(self) -> None:
        await self.turns.close()
        await self.live.stop()
        self.database.close()


def assemble(settings: Settings) -> Kefu:
    """Open the database (bringing its tables up to date), load the model and the assistant. Takes about a second."""
    database = open_database(settings)
    upgrade(database)
    with database.read() as connection, Session(connection) as session:
        policy = load_policy(session, settings.policy_file)
        gazetteer = make_gazetteer(Shop(session, policy))
    interpreter = Interpreter.load(settings.model_dir, gazetteer)
    assistant = Assistant.load(settings.assistant_dir)
    articles = ArticleIndex.load(embed=interpreter.embed)
    dialogue = DialogueSettings(fallback_threshold=interpreter.fallback_threshold)
    engine = DialogueEngine(assistant, make_runner(settings, policy, articles), dialogue)
    live, metrics = Live(settings.redis_url), operations.Metrics()
    turns = Turns(
        database,
        make_parse(interpreter, settings),
        engine,
        TrackerStore(tracker_maker(assistant), settings.tracker_cache_size),
        lambda session, subject: find_customer(Shop(session, policy), subject),
        live.changed,
        metrics,
        settings.turn_threads,
    )
    versions = {"kefu": importlib.metadata.version("kefu"), "model": interpreter.metadata.version}
    return Kefu(settings, database, interpreter.parse, turns, live, metrics, versions)


def make_gazetteer(shop: Shop) -> Gazetteer:
    """The catalogue's names as plain values: what the model may recognise in a sentence."""
    names = shop.catalogue_names()
    products = [ProductName(name.product_id, name.name_en, name.name_zh) for name in names]
    options = {option for name in names for option in name.option_values}
    return Gazetteer(products, [OptionName(*option) for option in sorted(options)])


def make_parse(interpreter: Interpreter, settings: Settings) -> Parse:
    def parse(message: UserMessage, hint: Language | None) -> Understanding:
        named = understood(message.text) if settings.allow_intent_shortcut else None
        return named or interpreter.parse(message.text, hint=hint)

    return parse


def make_runner(settings: Settings, policy: ShopPolicy, articles: ArticleIndex) -> ActionRunner:
    if settings.action_server_url:
        return HttpActionRunner(settings.action_server_url, settings.action_timeout_seconds)

    @contextmanager
    def services() -> Iterator[Services]:
        """The turn's own unit of work; what an action wrote before it raised is taken back."""
        session = current_unit.get().session
        with session.begin_nested():
            yield Services(Shop(session, policy), articles, Recommender(session))

    return LocalActionRunner("actions", services)


def tracker_maker(assistant: Assistant) -> Any:
    def make(conversation_id: str, snapshot: dict[str, Any] | None) -> Tracker:
        if snapshot is None:
            return Tracker(conversation_id, assistant.initial_slots)
        return Tracker.from_snapshot(conversation_id, snapshot, assistant.initial_slots)

    return make


def find_customer(shop: Shop, subject: str) -> str | None:
    customer = shop.find_customer_by_email(subject) if "@" in subject else shop.customer(subject)
    return customer.customer_id if customer else None


class SqlStreams:
    """What the widget's connections read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def head(self, conversation_id: str) -> Head | None:
        with self._database.read() as connection:
            return tracker_store.head(connection, conversation_id)

    def lines(self, conversation_id: str, after: int) -> list[Line]:
        with self._database.read() as connection:
            return outbox.stream(connection, conversation_id, after)


def shared_session_secret(settings: Settings, database: Database) -> str:
    """The key of the widget's sessions: from the settings, else made once and shared through the database."""
    if settings.session_secret:
        return settings.session_secret.get_secret_value()
    make = text("INSERT INTO instance (name, value) VALUES ('session_secret', :value) ON CONFLICT DO NOTHING")
    with database.transaction() as session:
        session.execute(make, {"value": secrets.token_urlsafe(48)})
        return str(session.execute(text("SELECT value FROM instance WHERE name = 'session_secret'")).scalar_one())


def web_app(kefu: Kefu) -> FastAPI:
    """The HTTP and WebSocket service around an assembled Kefu. It closes Kefu when it stops."""
    settings, turns = kefu.settings, kefu.turns
    app = FastAPI(
        title="Kefu",
        version=kefu.versions["kefu"],
        description="A bilingual customer-service bot.",
        lifespan=lifespan(kefu),
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(Guard, body_limit_bytes=settings.body_limit_bytes)
    add_problem_handlers(app)
    door = web.Door(
        turns, SqlStreams(kefu.database), kefu.live.watch, settings, shared_session_secret(settings, kefu.database)
    )
    app.include_router(rest.router(turns, settings))
    app.include_router(web.router(door))
    app.include_router(operations.router(kefu.metrics, kefu.versions, lambda: missing(kefu.database)))
    app.include_router(model.router(kefu.parse, settings.api_token, settings.text_limit_characters))
    if settings.api_token:
        app.include_router(conversations.router(turns, settings.api_token))
    app.mount("/widget", StaticFiles(directory=WIDGET), name="widget")
    return app


def lifespan(kefu: Kefu) -> Any:
    @asynccontextmanager
    async def run(_app: FastAPI) -> AsyncIterator[None]:
        await kefu.live.start()
        gc.collect()
        gc.freeze()
        tasks = [asyncio.create_task(work) for work in (sweep(kefu.turns), flush(kefu.turns))]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await kefu.close()

    return run


async def sweep(turns: Turns) -> None:
    """Answer what this process, or one that died, accepted and did not answer."""
    found = await turns.recover()
    log.info("started", extra={"recovered_conversations": found})
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        with contextlib.suppress(Exception):
            await turns.recover(older_than_seconds=SWEEP_SECONDS)


async def flush(turns: Turns) -> None:
    while True:
        await asyncio.sleep(FLUSH_SECONDS)
        with contextlib.suppress(Exception):
            await turns.flush()


def missing(database: Database) -> list[str]:
    try:
        with database.read() as connection:
            connection.execute(text("SELECT 1 FROM conversations LIMIT 1"))
    except Exception:
        return ["the database does not answer"]
    return []


def add_problem_handlers(app: FastAPI) -> None:
    """Every error leaves as problem+json, and says nothing of the inside."""

    async def problem(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)
        return answer(error)

    async def invalid(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        errors = [
            {"field": ".".join(map(str, e["loc"][1:])) or "body", "message": str(e["msg"])} for e in error.errors()
        ]
        if any(e["type"] == "json_invalid" for e in error.errors()):
            return answer(Problem(400, "Malformed JSON", "The body is not JSON."))
        detail = " ".join(f"{e['field']}: {e['message']}." for e in errors)
        return answer(Problem(422, "Unprocessable request", detail, errors))

    async def refused(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return answer(Problem(error.status_code, str(error.detail), str(error.detail)))

    async def unexpected(_request: Request, _error: Exception) -> JSONResponse:
        return answer(Problem(500, "Internal error", "Something went wrong on our side; the log has the details."))

    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(Exception, unexpected)


def answer(problem: Problem) -> JSONResponse:
    return JSONResponse(problem.body(), problem.status, media_type="application/problem+json")
