"""What customers ask and nothing answers: the unanswered messages of a period, put together by likeness.

Likeness is the cosine of the sentence vectors that the articles are found by; groups are merged while their members are
alike on average (average linkage). What is shown of a message is redacted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy import Connection

from bot.console.analytics.period import Period
from bot.conversation.sql import Statement
from nlu.types import Language

ALIKE = 0.45
"""Two groups whose messages are less alike on average stay apart. Paraphrases of short questions lie at 0.45 to 0.9."""
MOST = 600
"""The newest so many of a language are looked at: a second's work."""
EXAMPLES = 4

Floats = NDArray[np.float32]
Embed = Callable[[Sequence[str], Language], Floats]
Redact = Callable[[str, Language, str | None], str]
"""A text without personal data; the last argument is the customer's id, whose names go too."""

_UNANSWERED = Statement(
    "SELECT u.conversation_id, u.turn, u.at, t.events, c.customer_id FROM unanswered u"
    " JOIN turns t ON t.conversation_id = u.conversation_id AND t.turn = u.turn AND t.decision IS NOT NULL"
    " JOIN conversations c ON c.id = u.conversation_id"
    " WHERE u.at >= :since AND u.at < :until AND u.language = :language"
    " AND COALESCE(CAST(:channel AS TEXT), c.channel) = c.channel ORDER BY u.at DESC LIMIT :most"
)


@dataclass(frozen=True)
class Unanswered:
    conversation_id: str
    turn: int
    at: float
    text: str
    customer_id: str | None


@dataclass(frozen=True)
class Gap:
    """Messages that ask for about the same; the first example is the most typical one."""

    language: Language
    size: int
    conversations: tuple[str, ...]
    examples: tuple[str, ...]
    last_at: float


@dataclass(frozen=True)
class Looking:
    """At the unanswered messages of a period, on one channel or all of them."""

    connection: Connection
    period: Period
    channel: str | None
    embed: Embed
    redact: Redact

    def gaps(self, language: Language, least: int = 2) -> list[Gap]:
        """The largest first. Fewer than `least` alike are no gap."""
        messages = unanswered(self.connection, self.period, language, self.channel)
        if not messages:
            return []
        vectors = self.embed([message.text for message in messages], language)
        groups = [typical(vectors, group) for group in alike(vectors) if len(group) >= least]
        return [_gap([messages[place] for place in group], language, self.redact) for group in groups]


def unanswered(connection: Connection, period: Period, language: Language, channel: str | None) -> list[Unanswered]:
    """The newest first."""
    wanted = {"since": period.since, "until": period.until, "language": language, "channel": channel, "most": MOST}
    found = []
    for conversation_id, turn, at, events, customer_id in _UNANSWERED.all(connection, wanted):
        said = next((event.get("text") for event in orjson.loads(events) if event["event"] == "user"), None)
        if said and str(said).strip():
            found.append(Unanswered(conversation_id, turn, at, str(said), customer_id))
    return found


def alike(vectors: Floats, threshold: float = ALIKE) -> list[list[int]]:
    """The rows of unit vectors in groups, the largest first; within one by their place."""
    members: dict[int, list[int]] = {place: [place] for place in range(len(vectors))}
    likeness = (vectors @ vectors.T).astype(np.float64)
    np.fill_diagonal(likeness, -1.0)
    while len(members) > 1:
        one, other = (int(place) for place in np.unravel_index(int(likeness.argmax()), likeness.shape))
        if likeness[one, other] < threshold:
            break
        first, second = len(members[one]), len(members[other])
        merged = (first * likeness[one] + second * likeness[other]) / (first + second)
        merged[[one, other]] = -1.0
        merged[likeness[one] < -0.999] = -1.0
        likeness[one], likeness[:, one] = merged, merged
        likeness[other], likeness[:, other] = -1.0, -1.0
        members[one] += members.pop(other)
    return sorted((sorted(group) for group in members.values()), key=lambda group: (-len(group), group[0]))


def typical(vectors: Floats, group: Sequence[int]) -> list[int]:
    """The group's places, the nearest to its middle first."""
    middle = vectors[list(group)].mean(axis=0)
    return sorted(group, key=lambda place: -float(vectors[place] @ middle))


def _gap(messages: Sequence[Unanswered], language: Language, redact: Redact) -> Gap:
    """`messages` are the most typical first."""
    worded = {message.text.strip().casefold(): message for message in reversed(messages)}
    shown = [message for message in messages if worded[message.text.strip().casefold()] is message][:EXAMPLES]
    return Gap(
        language,
        len(messages),
        tuple(dict.fromkeys(message.conversation_id for message in messages)),
        tuple(redact(message.text, language, message.customer_id) for message in shown),
        max(message.at for message in messages),
    )
