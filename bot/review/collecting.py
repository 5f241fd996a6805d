"""From stored turns to the review queue: what an agent put right, and what the bot was not sure of."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.conversation import corrections, review_queue
from bot.conversation.review_queue import DAY_SECONDS, Candidate, Reason
from bot.database import Database
from bot.review.redaction import redact
from bot.settings import Settings
from bot.stored_messages import StoredMessage, stored_messages
from knowledge.shop.policy import load_policy
from knowledge.shop.shop import Shop
from knowledge.shop.types import Customer
from nlu.components.intents import OUT_OF_SCOPE
from nlu.interpreter import Interpreter

LOW_MARGIN = 0.2
"""The second guess is closer to the first than this."""
_OUTSIDE = {"out_of_scope", "open_question"}
_ABOUT_SERVICE = {"rated", "commented"}
"""Answers to "how was it?", which ask for nothing."""
_UNSURE = {"unsure", "nothing_follows", "none_of_these", "gave_up", "not_an_answer"}
Progress = Callable[[int, int], None]
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Corrected:
    """What agents said of messages, by (conversation, turn)."""

    intents: Mapping[tuple[str, int], str]
    articles: Mapping[tuple[str, int], str]

    def __contains__(self, message: tuple[str, int]) -> bool:
        return message in self.intents or message in self.articles


class NotAllowed(RuntimeError):
    """The setting does not let customers' words be kept."""


def require_retention(settings: Settings) -> None:
    """Raises NotAllowed unless customers' words may be kept to learn from."""
    if not settings.review_retention_days:
        raise NotAllowed(
            "Nothing is learned from what customers write: KEFU_REVIEW_RETENTION_DAYS is 0. Set it to the days that "
            "redacted messages may be kept, as your privacy notice says (docs/watching-the-model.md). What agents have "
            "put right is kept without the customer's words, and waits for that."
        )


def collect(
    settings: Settings, database: Database, interpreter: Interpreter, progress: Progress = lambda _done, _all: None
) -> int:
    """Put what is worth a look into the queue and delete what is too old; returns how many came in.

    Raises NotAllowed, after deleting all there is, when the setting keeps nothing.
    """
    now = time.time()
    with database.transaction() as session:
        review_queue.forget(session.connection(), settings.review_retention_days, now)
    require_retention(settings)
    since = now - settings.review_retention_days * DAY_SECONDS
    with database.read() as connection:
        put_right = Corrected(corrections.corrected(connection), corrections.chosen_articles(connection))
        there = review_queue.known(connection, since)
    new = (one for one in stored_messages(database, since) if (one.conversation_id, one.turn) not in there)
    chosen = [(one, why) for one in new if (why := reason_of(one, put_right))]
    found = list(_redacted(settings, database, interpreter, chosen, put_right, progress))
    with database.transaction() as session:
        review_queue.put(session.connection(), found)
    return len(found)


def reason_of(one: StoredMessage, put_right: Corrected) -> Reason | None:
    """Why a person should look at the message; None when there is no need to."""
    if (one.conversation_id, one.turn) in put_right:
        return "corrected"
    codes = {step["code"] for step in one.decision["steps"]}
    if codes & _ABOUT_SERVICE:
        return None
    if codes & _OUTSIDE or [guess["intent"] for guess in one.decision["intents"][:1]] == [OUT_OF_SCOPE]:
        return "out_of_scope"
    if codes & _UNSURE:
        asked = any(step["action"] == "action_two_stage_fallback" for step in one.decision["steps"])
        return "asked_back" if asked else "fallback"
    return "low_margin" if _margin(one.decision) < LOW_MARGIN else None


def _margin(record: Record) -> float:
    """How far the first guess lies before the second."""
    sure = [float(guess["confidence"]) for guess in record["intents"][:2]]
    return sure[0] - sure[1] if len(sure) > 1 else 1.0


def _redacted(
    settings: Settings,
    database: Database,
    interpreter: Interpreter,
    chosen: list[tuple[StoredMessage, Reason]],
    put_right: Corrected,
    progress: Progress,
) -> Iterable[Candidate]:
    with database.read_session() as session:
        shop = Shop(session, load_policy(session, settings.policy_file))
        for done, (one, why) in enumerate(chosen, start=1):
            heard = interpreter.parse(one.text, hint=one.decision["language"])
            customer = shop.customer(one.customer_id) if one.customer_id else None
            guess: Record = next(iter(one.decision["intents"]), {"intent": "", "confidence": 0.0})
            yield Candidate(
                one.conversation_id,
                one.turn,
                redact(one.text, heard.entities, heard.language, names_of(customer)),
                heard.language,
                why,
                guess["intent"],
                guess["confidence"],
                put_right.intents.get((one.conversation_id, one.turn)),
                one.at,
                put_right.articles.get((one.conversation_id, one.turn)),
            )
            progress(done, len(chosen))


def names_of(customer: Customer | None) -> list[str]:
    """What the shop knows of the customer and a sentence may hold."""
    if customer is None:
        return []
    address = customer.address
    where = [address.line1, address.line2, address.postcode] if address else []
    own = [customer.full_name, customer.first_name, customer.last_name, customer.email, customer.phone, *where]
    return [name for name in own if name]
