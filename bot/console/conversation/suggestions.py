"""Replies for an agent to choose from, and what became of them.

What the bot would have said, from the help articles about the customer's last messages; and the canned replies that
the shop's people wrote themselves.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import Connection, text

from bot.console.canned import Canned, everything
from bot.conversation.sql import Statement
from bot.handoff.fitting import LATEST, fitting
from knowledge.articles.article import fill
from knowledge.articles.index import ArticleIndex, Passage

Json = dict[str, Any]
Language = Literal["en", "zh"]
CANNED = 2
LONGEST_VOTED = 2000

_RECENT = Statement("SELECT text FROM inbox WHERE conversation_id = :id AND text <> '' ORDER BY seq DESC LIMIT :most")
_VOTE = text(
    "INSERT INTO suggestion_votes (conversation_id, agent_id, suggestion_id, source, text, verdict, at)"
    " VALUES (:conversation_id, :agent_id, :suggestion_id, :source, :text, :verdict, :at)"
)


@dataclass(frozen=True)
class Suggestion:
    """`score` is how well it fits, 0 to 1, where that is known."""

    id: str
    text: str
    source: Literal["article", "canned"]
    title: str | None
    score: float | None


@dataclass(frozen=True)
class Suggesting:
    """`facts` are the shop's, for the articles' placeholders."""

    index: Callable[[], ArticleIndex]
    facts: Callable[[Language], Mapping[str, str]]

    def of(self, connection: Connection, conversation_id: str, language: Language, filling: Mapping[str, str]) -> Json:
        """In the customer's `language`; `filling` fills canned replies."""
        said = [row[0] for row in _RECENT.all(connection, {"id": conversation_id, "most": LATEST})]
        passages = fitting(self.index(), said, language)
        replies = [
            *(self._from_article(one, language) for one in passages),
            *_canned(connection, language, said, filling),
        ]
        return {
            "replies": [asdict(one) for one in replies],
            "articles": [self._article(one, language) for one in passages],
        }

    def _from_article(self, one: Passage, language: Language) -> Suggestion:
        words = fill(one.text, self.facts(language))
        return Suggestion(f"article-{one.article}-{language}", words, "article", one.title, round(one.score, 3))

    def _article(self, one: Passage, language: Language) -> Json:
        words = fill(one.text, self.facts(language))
        url = f"{one.source}?lang={language}"
        return {"id": one.article, "title": one.title, "text": words, "url": url, "score": round(one.score, 3)}


def vote(connection: Connection, conversation_id: str, agent_id: str, suggestion: Mapping[str, str], at: float) -> None:
    """Keep what became of a suggestion. The caller commits."""
    said = {**suggestion, "text": suggestion["text"][:LONGEST_VOTED]}
    connection.execute(_VOTE, {"conversation_id": conversation_id, "agent_id": agent_id, "at": at, **said})


def _canned(
    connection: Connection, language: Language, said: list[str], filling: Mapping[str, str]
) -> list[Suggestion]:
    """Those whose title or shortcut the customer's last words touch."""
    words = " ".join(said).lower()
    fitting = [one for one in everything(connection) if _touches(one, words)]
    return [
        Suggestion(f"canned-{one.id}", one.filled(language, filling), "canned", one.title, None)
        for one in fitting[:CANNED]
    ]


def _touches(one: Canned, words: str) -> bool:
    """A word of the title, or the title itself where it is Chinese, stands in what was said."""
    title = one.title.lower()
    parts = [part for part in title.replace("/", " ").split() if len(part) > 3 or not part.isascii()]
    return any(part in words for part in [*parts, one.shortcut.lower()] if len(part) > 1)
