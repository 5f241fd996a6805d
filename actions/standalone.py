"""The services of a stock rasa-sdk server, where no Kefu binds its own: `python -m rasa_sdk --actions actions`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

from actions.base import Services
from knowledge.articles.index import ArticleIndex
from knowledge.next_best_action.limits import load_limits
from knowledge.profiles.advising import Advisor
from knowledge.profiles.reading import Profiles
from knowledge.recommendation.recommender import Recommender
from knowledge.shop.policy import load_policy
from knowledge.shop.shop import Shop

BUSY_SECONDS = 30
"""How long a writer waits for another process (the bot, say) to finish its transaction on the same SQLite file."""


@contextmanager
def standalone() -> Iterator[Services]:
    """A transaction on KEFU_DATABASE_URL, under the rules of KEFU_POLICY_FILE and KEFU_NEXT_BEST_ACTION_FILE, if set.

    Committed when the block ends well, rolled back when it raises.
    """
    with Session(_engine()) as session, session.begin():
        file = os.environ.get("KEFU_POLICY_FILE")
        policy = load_policy(session, Path(file) if file else None)
        shop = Shop(session, policy)
        own_limits = os.environ.get("KEFU_NEXT_BEST_ACTION_FILE")
        advisor = Advisor(session, shop, limits=load_limits(Path(own_limits) if own_limits else None))
        yield Services(shop, _articles(), Recommender(session), Profiles(session), advisor)


@cache
def _engine() -> Engine:
    url = os.environ.get("KEFU_DATABASE_URL")
    if not url:
        raise RuntimeError("KEFU_DATABASE_URL is not set: tell the action server which database holds the shop.")
    if not url.startswith("sqlite"):
        return create_engine(url)
    engine = create_engine(
        url, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False}
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock at once: a transaction that reads first could find its facts changed when it writes."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@cache
def _articles() -> ArticleIndex:
    """Lexical search only: the sentence encoder lives in the bot's own process."""
    return ArticleIndex.load()
