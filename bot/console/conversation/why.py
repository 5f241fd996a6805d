"""Why the bot said this: a turn's decision record, in words, with confidence and sources."""

import re
from collections.abc import Callable
from typing import Any, Literal

from sqlalchemy import Connection

from bot.console.conversation.told import Telling, Title
from bot.conversation import tracker_store
from bot.conversation.sql import Statement
from bot.dialogue.reasons import Reason
from bot.problem import Problem
from knowledge.articles.article import Article

Language = Literal["en", "zh"]
Json = dict[str, Any]
LISTED = 5
SOURCE = re.compile(r"/articles/([\w-]+)")
Find = Callable[[str, Language], Article | None]

_CORRECTION = Statement(
    "SELECT intent, corrected_by FROM corrections WHERE conversation_id = :conversation_id AND turn = :turn"
)
_CHOICE = Statement(
    "SELECT article_id, chosen_by FROM article_choices WHERE conversation_id = :conversation_id AND turn = :turn"
)


def why(
    connection: Connection,
    conversation_id: str,
    turn: int,
    language: Language,
    article: Find,
    title: Title,
) -> Json:
    """Raises Problem 404 for a turn without a record: it does not exist, or nobody decided anything in it."""
    record = tracker_store.decision(connection, conversation_id, turn)
    if record is None:
        raise Problem(404, "Not found", f"Turn {turn} of {conversation_id} has no decision record.")
    intents = record["intents"]
    return {
        "turn": turn,
        "sentences": Telling(language, title).of(record),
        "confidence": intents[0]["confidence"] if intents else None,
        "threshold": record["threshold"],
        "intents": intents[:LISTED],
        "mood": {"label": record["sentiment_label"], "score": record["sentiment_score"]},
        "steps": [_step(step, language) for step in record["steps"]],
        "sources": _sources(connection, conversation_id, turn, language, article),
        "versions": record["versions"],
        **_corrections(connection, conversation_id, turn),
    }


def _step(step: Json, language: Language) -> Json:
    reason = Reason(step["code"], step["facts"]).text(language)
    return {
        "policy": step["policy"],
        "code": step["code"],
        "action": step["action"],
        "rule": step["rule"],
        "why": reason,
    }


def _sources(connection: Connection, conversation_id: str, turn: int, language: Language, article: Find) -> list[Json]:
    """The help articles that the turn's answers name."""
    said = [event for event in tracker_store.events_of_turn(connection, conversation_id, turn) if _is_answer(event)]
    slugs = [slug for event in said for slug in SOURCE.findall(str(event.get("text") or ""))]
    found = [one for slug in dict.fromkeys(slugs) if (one := article(slug, language))]
    return [shown_article(one) for one in found]


def _is_answer(event: Json) -> bool:
    return bool(event["event"] == "bot")


def shown_article(one: Article) -> Json:
    return {"id": one.slug, "title": one.title, "url": f"{one.source}?lang={one.language}"}


def _corrections(connection: Connection, conversation_id: str, turn: int) -> Json:
    wanted = {"conversation_id": conversation_id, "turn": turn}
    meant = _CORRECTION.first(connection, wanted)
    chosen = _CHOICE.first(connection, wanted)
    return {
        "correction": {"intent": meant[0], "by": meant[1]} if meant else None,
        "article": {"article_id": chosen[0], "by": chosen[1]} if chosen else None,
    }
