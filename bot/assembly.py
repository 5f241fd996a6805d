"""The composition root: settings → every real object that answers a message. Nothing else builds things.

bot/app.py puts HTTP and WebSocket around it.
"""

import importlib.metadata
import secrets
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, get_args

import numpy as np
from pydantic import SecretStr
from sqlalchemy import text

from actions.base import Services
from bot.action_runner import ActionRunner, HttpActionRunner, LocalActionRunner
from bot.channels_in_use import all_channels
from bot.console import (
    operations,
    storefront,
)
from bot.console.analytics.gaps import Embed
from bot.console.understanding_metrics import UnderstandingMetrics
from bot.conversation import attachments, receipts, review_queue
from bot.conversation.live import Live
from bot.conversation.tracker import Tracker
from bot.conversation.tracker_store import TrackerStore
from bot.crm_choices import forget_choices
from bot.crm_in_service import CrmInService
from bot.database import Database, open_database, upgrade
from bot.dialogue.assistant import Assistant
from bot.dialogue.engine import DialogueEngine
from bot.dialogue.settings import DialogueSettings
from bot.handoff.desk import Desk
from bot.handoff.dispatch import Dispatch
from bot.handoff.following import Handoffs
from bot.handoff.keeping import QueueKeeper
from bot.handoff.lines import Lines, default_responses
from bot.handoff.queue import SeenQueue
from bot.messages import UserMessage
from bot.messaging.joining import SaysInOne
from bot.model_in_service import ModelInService, Served
from bot.rating.hearing import HearsRatings
from bot.settings import Settings, SettingsError
from bot.shop_in_memory import ShopInMemory
from bot.shortcut import understood
from bot.turn import Parse, Turns, current_unit
from bot.watching import Watch
from knowledge.articles.article import Article
from knowledge.articles.index import ArticleIndex
from knowledge.next_best_action.limits import load_limits
from knowledge.profiles.advising import Advisor
from knowledge.profiles.pseudonyms import known_as
from knowledge.profiles.reading import Profiles
from knowledge.recommendation.prepared import RecommendationModel
from knowledge.recommendation.recommender import Recommender
from knowledge.shop.columns import utc_now
from knowledge.shop.policy import ShopPolicy, load_policy
from knowledge.shop.shop import Shop
from nlu.interpreter import Interpreter
from nlu.types import Language, Understanding


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
    lines: Lines = field(default_factory=lambda: Lines(default_responses()))
    """What customers are told when a conversation changes hands."""
    policy: Callable[[], ShopPolicy] = load_policy
    articles: tuple[Article, ...] = ()
    index: Callable[[], ArticleIndex] = lambda: ArticleIndex(())
    """Finds the section of an article that answers a question."""
    warm: Callable[[], None] = lambda: None
    """Does now, in the background, what the first customers would wait for."""
    refresh: Callable[[], bool] = lambda: False
    """Reads again what is held in memory of the shop; True if it had changed."""
    swap: Callable[[], bool] = lambda: False
    """Takes up a model that was promoted since; True if another serves now."""
    intents: frozenset[str] | None = None
    """What a message can mean; None takes every name."""
    title: Callable[[str, str], str | None] = lambda _intent, _language: None
    """What people call an intent."""
    notes: Callable[[], list[str]] = lambda: []
    """What is worth a look although customers are answered."""
    recommendation: Callable[[], RecommendationModel | None] = lambda: None
    """The model that recommends, where there is one."""
    embed: Embed = lambda texts, _language: np.eye(len(texts), dtype=np.float32)
    """Sentence vectors, a row a text; without a model nothing is alike."""
    domain: Mapping[str, Any] = field(default_factory=dict)
    """The assistant's, in Rasa's shape: its responses say the reasons in a profile."""

    @property
    def desk(self) -> Desk:
        """Where agents work."""
        return Desk(self.turns.trackers, self.lines, self.settings)

    @property
    def queue_keeper(self) -> QueueKeeper:
        dispatch = Dispatch(self.turns.trackers, self.lines, self.settings)
        return QueueKeeper(self.database, self.turns, dispatch, self.settings, lambda: self.policy().contact)

    async def close(self) -> None:
        await self.turns.close()
        await self.live.stop()
        self.database.close()


def assemble(settings: Settings) -> Kefu:
    """Open the database (bringing its tables up to date), load the model and the assistant. Takes about a second."""
    database = open_database(settings)
    upgrade(database)
    if settings.demo:
        settings = ready_for_demo(settings, database)
    articles = ArticleIndex.load()
    model = ModelInService(settings, database, articles)
    crm = CrmInService(settings.crm_models)
    shop = ShopInMemory(database, model.now.interpreter, settings.policy_file)
    versions = {"kefu": importlib.metadata.version("kefu"), "model": model.now.version}
    assistant = Assistant.load(settings.assistant_dir)
    runner = make_runner(settings, shop, lambda: model.now.articles, lambda: crm.recommendation)
    lines = Lines(assistant.responses)
    dialogue = partial(own_dialogue_settings, settings, assistant.intents)
    engine = DialogueEngine(assistant, runner, dialogue(model.now.interpreter), versions["kefu"])
    live, metrics = Live(settings.redis_url), operations.Metrics()
    metrics.model_serves(model.now.version)
    watch = Watch(database, settings.nlu_drift_alarm)
    watch.follow(model.now.version, model.now.folder)
    understanding = UnderstandingMetrics(metrics.registry, watch.drifts)
    model.taken_up = model_taker(shop, engine, dialogue, versions, metrics, watch)
    model.refused = partial(metrics.model_swapped, "refused")
    turns = Turns(
        database,
        make_parse(shop, settings, (understanding.hear, watch.hear)),
        SaysInOne(
            HearsRatings(engine, database.read, lambda: current_unit.get().connection, settings.csat),
            [name for name, kind in all_channels().items() if kind.says_in_one],
        ),
        TrackerStore(tracker_maker(assistant), settings.tracker_cache_size),
        lambda session, subject: find_customer(Shop(session, shop.policy), subject),
        live.changed,
        metrics,
        settings.turn_threads,
        handoffs=Handoffs(lines, settings, lambda session: Shop(session, shop.policy)),
    )
    return Kefu(
        settings,
        database,
        parse=lambda words: shop.interpreter.parse(words),
        turns=turns,
        live=live,
        metrics=metrics,
        versions=versions,
        lines=lines,
        policy=lambda: shop.policy,
        articles=tuple(article for language in get_args(Language) for article in articles.articles(language)),
        index=lambda: model.now.articles,
        warm=partial(warm_up, database, model),
        refresh=partial(refresh_all, settings, database, shop, watch),
        swap=lambda: model.poll() | crm.poll(),
        intents=assistant.intents,
        title=assistant.title,
        notes=lambda: [problem for problem in (model.problem, crm.problem) if problem],
        recommendation=lambda: crm.recommendation,
        embed=lambda texts, language: shop.interpreter.embed(texts, language),
        domain=assistant.domain_dict(),
    )


def dialogue_settings(interpreter: Interpreter) -> DialogueSettings:
    """The numbers that come with the model."""
    settings = DialogueSettings(fallback_threshold=interpreter.fallback_threshold)
    if interpreter.max_error_rate is None:
        return settings
    return replace(settings, lookup_threshold=1.0)  # the promise is about every turn, whatever it leads to


def own_dialogue_settings(settings: Settings, intents: Collection[str], interpreter: Interpreter) -> DialogueSettings:
    """The same with what the shop leaves to people. Raises SettingsError for a topic that is no intent."""
    if unknown := sorted(set(settings.handoff_topics) - set(intents)):
        known = ", ".join(sorted(intents))
        raise SettingsError(f"KEFU_HANDOFF_TOPICS: no intent is called {', '.join(unknown)}. These are: {known}.")
    topics = frozenset(settings.handoff_topics)
    return replace(dialogue_settings(interpreter), person_topics=topics, most_calls_a_day=settings.handoff_most_a_day)


def model_taker(
    shop: ShopInMemory,
    engine: DialogueEngine,
    dialogue: Callable[[Interpreter], DialogueSettings],
    versions: dict[str, str],
    metrics: operations.Metrics,
    watch: Watch,
) -> Callable[[Served], None]:
    """Hands a new model to everything that holds the old one."""

    def take(served: Served) -> None:
        watch.follow(served.version, served.folder)  # first: it asks the database, which may be away
        shop.hear_with(served.interpreter)
        engine.settings = dialogue(served.interpreter)
        versions["model"] = served.version
        metrics.model_serves(served.version)
        metrics.model_swapped("taken up")

    return take


def ready_for_demo(settings: Settings, database: Database) -> Settings:
    """The settings with an identity secret. Raises NotADemoShop where visitors could sign in as real customers."""
    with database.read_session() as session:
        storefront.refuse_real_customers(session)
    if settings.identity_secret is not None:
        return settings
    return settings.model_copy(update={"identity_secret": SecretStr(shared_secret("identity_secret", database))})


def warm_up(database: Database, model: ModelInService) -> None:
    model.now.articles.warm()
    with database.read_session() as session:
        Recommender(session).warm()


def refresh_all(settings: Settings, database: Database, shop: ShopInMemory, watch: Watch) -> bool:
    """True if the shop had changed."""
    watch.renew()
    with database.read_session() as session:
        Recommender(session).warm()
    with database.transaction() as session:
        review_queue.forget(session.connection(), settings.review_retention_days, time.time())
        attachments.forget(session.connection(), settings.attachment_retention_days, time.time())
        receipts.forget_unclaimed(session.connection(), time.time())
        forget_choices(session, settings, utc_now())
    return shop.refresh()


def make_parse(
    shop: ShopInMemory, settings: Settings, listeners: Sequence[Callable[[Understanding], None]] = ()
) -> Parse:
    """The listeners hear of every message that the model read."""

    def parse(message: UserMessage, hint: Language | None) -> Understanding:
        named = understood(message.text) if settings.allow_intent_shortcut else None
        if named:
            return named
        heard = shop.interpreter.parse(message.text, hint=hint)
        for listen in listeners:
            listen(heard)
        return heard

    return parse


def make_runner(
    settings: Settings,
    shop: ShopInMemory,
    articles: Callable[[], ArticleIndex],
    recommendation: Callable[[], RecommendationModel | None] = lambda: None,
) -> ActionRunner:
    if settings.action_server_url:
        return HttpActionRunner(settings.action_server_url, settings.action_timeout_seconds)
    limits = load_limits(settings.next_best_action_file)

    @contextmanager
    def services() -> Iterator[Services]:
        """The turn's own unit of work; what an action wrote before it raised is taken back."""
        unit = current_unit.get()
        with unit.attempt() as session:
            store = Shop(session, shop.policy, before_write=unit.begin_writing)
            advisor = Advisor(session, store, unit.begin_writing, limits=limits)
            recommender = Recommender(session, model=recommendation(), pseudonym=known_as(session))
            yield Services(store, articles(), recommender, Profiles(session), advisor, SeenQueue(session))

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


def session_secret(settings: Settings, database: Database) -> str:
    given = settings.session_secret
    return given.get_secret_value() if given else shared_secret("session_secret", database)


def shared_secret(name: str, database: Database) -> str:
    """A secret that is made once and then the same for all processes of the database."""
    make = text("INSERT INTO instance (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")
    with database.transaction() as session:
        session.execute(make, {"name": name, "value": secrets.token_urlsafe(48)})
        found = session.execute(text("SELECT value FROM instance WHERE name = :name"), {"name": name})
        return str(found.scalar_one())
