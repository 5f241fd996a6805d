"""The services of a stock rasa-sdk server, where no Kefu binds its own: `python -m rasa_sdk --actions actions`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from actions.base import Services
from knowledge.articles.index import ArticleIndex
from knowledge.recommendation.recommender import Recommender
from knowledge.shop.shop import Shop


@contextmanager
def standalone() -> Iterator[Services]:
    """A transaction on KEFU_DATABASE_URL: committed when the block ends well, rolled back when it raises."""
    with Session(_engine()) as session, session.begin():
        yield Services(Shop(session), _articles(), Recommender(session))


@cache
def _engine() -> Engine:
    url = os.environ.get("KEFU_DATABASE_URL")
    if not url:
        raise RuntimeError("KEFU_DATABASE_URL is not set: tell the action server which database holds the shop.")
    return create_engine(url)


@cache
def _articles() -> ArticleIndex:
    """Lexical search only: the sentence encoder lives in the bot's own process."""
    return ArticleIndex.load()
