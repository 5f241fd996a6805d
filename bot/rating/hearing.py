"""Around the dialogue engine: an answer to "how was it?" is kept; whatever is none is the engine's, as ever.

The question is open for a day. The next message after it may answer in any words; a later one only if it cannot be
meant otherwise ("5 stars", a pressed button). After a score, the next message is a comment unless it asks for more;
after a bad one, which asked what went wrong, it is kept even then ("the parcel was late"), and answered.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace

from sqlalchemy import Connection

from bot.conversation import events as happened
from bot.conversation import ratings
from bot.conversation.ratings import Rating
from bot.conversation.tracker import Tracker
from bot.dialogue.certainty import NO_QUESTION
from bot.dialogue.decision import Decision, Guess, Step, Versions
from bot.dialogue.engine import DialogueEngine, TurnOutcome
from bot.dialogue.exchange import HUMAN
from bot.dialogue.reasons import because
from bot.dialogue.request import Request
from bot.messages import BotMessage, UserMessage
from bot.rating import words
from bot.rating.asking import PAUSE_SECONDS, Asked, is_due
from nlu.types import Understanding

POLICY = "rating"
LONGEST_COMMENT = 1_000
ENDING = frozenset({"goodbye", "thank"})
DECLINING = frozenset({"deny", "nevermind", "goodbye", "thank"})
REMARKS = NO_QUESTION - {HUMAN, "greet"} | {"complaint"}
"""What a word beside a mark may be read as; who was just asked what went wrong opens no complaint by saying it."""
STILL_OPEN = ("waiting_requests", "suspended_forms", "clarify_intents", "open_question", "was_with_person")
CALM = -0.2
"""Below this the customer is not asked: who is angry wants no questionnaire."""


class HearsRatings:
    """An engine for `Turns`. `reading` opens a connection for a moment, `writing` gives the turn's own."""

    def __init__(
        self,
        engine: DialogueEngine,
        reading: Callable[[], AbstractContextManager[Connection]],
        writing: Callable[[], Connection],
        asked: Asked = "all",
    ) -> None:
        self._engine = engine
        self._reading = reading
        self._writing = writing
        self._asked = asked

    def handle(self, tracker: Tracker, understanding: Understanding, message: UserMessage) -> TurnOutcome:
        if self._asked == "off" or tracker.paused:
            return self._engine.handle(tracker, understanding, message)
        now = message.received_at.timestamp()
        answered = self._answered(tracker, understanding, message, now)
        outcome = answered or self._engine.handle(tracker, understanding, message)
        if answered is None and self._asked == "all" and ends_well(tracker, understanding):
            return self._asking(tracker, outcome, now)
        return outcome

    def _answered(
        self, tracker: Tracker, understanding: Understanding, message: UserMessage, now: float
    ) -> TurnOutcome | None:
        """None when the message is not about the rating."""
        with self._reading() as connection:
            rating = ratings.latest(connection, tracker.conversation_id)
        if rating is None or now - rating.asked_at > PAUSE_SECONDS:
            return None
        is_next = tracker.turn_number == rating.turn
        language = "zh" if (tracker.slot("language") or understanding.language) == "zh" else "en"
        score = words.score_of(message.text, is_next)
        if score is not None and tracker.active_loop is None:
            reply = self._keep_score(rating, score, tracker.turn_number + 1, now)[language].format(score=score)
        elif rating.score is not None and rating.comment is None and is_next and is_remark(understanding):
            reply = self._keep_comment(rating, understanding, message)[language]
        else:
            self._keep_what_went_wrong(rating, is_next, message)
            return None
        return _outcome(tracker, understanding, message, reply, "rated" if score is not None else "commented")

    def _keep_score(self, rating: Rating, score: int, turn: int, now: float) -> Mapping[str, str]:
        ratings.keep_score(self._writing(), rating.id, score, turn, now)
        if rating.score is not None:
            return words.PUT_RIGHT
        return words.THANKED if score >= words.GOOD else words.SORRY

    def _keep_what_went_wrong(self, rating: Rating, is_next: bool, message: UserMessage) -> None:
        """Also where it reads like a request; but a question is one."""
        is_asked_for = is_next and rating.score is not None and rating.score < words.GOOD and rating.comment is None
        if is_asked_for and not message.text.rstrip().endswith(("?", "？")):
            ratings.keep_comment(self._writing(), rating.id, message.text[:LONGEST_COMMENT])

    def _keep_comment(self, rating: Rating, understanding: Understanding, message: UserMessage) -> Mapping[str, str]:
        if is_sure(understanding) and understanding.intents[0].name in DECLINING:
            return words.NO_COMMENT
        ratings.keep_comment(self._writing(), rating.id, message.text[:LONGEST_COMMENT])
        return words.COMMENTED

    def _asking(self, tracker: Tracker, outcome: TurnOutcome, now: float) -> TurnOutcome:
        connection = self._writing()
        if not is_due(connection, tracker.conversation_id, now):
            return outcome
        ratings.ask(connection, tracker.conversation_id, None, tracker.turn_number, now)
        asked = words.question("zh" if tracker.slot("language") == "zh" else "en", None, is_of_person=False)
        said = happened.bot_uttered(asked, now)
        tracker.apply(said)
        return replace(outcome, events=(*outcome.events, said), messages=(*outcome.messages, asked))


def ends_well(tracker: Tracker, understanding: Understanding) -> bool:
    """Thanks or goodbye after something was done, with nothing open and nobody angry."""
    is_end = is_sure(understanding) and understanding.intents[0].name in ENDING
    is_open = tracker.active_loop or any(tracker.slot(name) for name in STILL_OPEN)
    is_calm = min(tracker.slot("recent_sentiment") or [0.0]) >= CALM
    return bool(is_end and tracker.slot("was_helped") and is_calm) and not is_open and not tracker.paused


def is_sure(understanding: Understanding) -> bool:
    return bool(understanding.intents) and understanding.intents[0].confidence >= (understanding.threshold or 0)


def is_remark(understanding: Understanding) -> bool:
    """Whether it may be a word about the service: nothing that the bot would do something about."""
    if not is_sure(understanding):
        return True
    return understanding.intents[0].name in REMARKS


def _outcome(
    tracker: Tracker, understanding: Understanding, message: UserMessage, reply: str, code: str
) -> TurnOutcome:
    now = message.received_at.timestamp()
    said = BotMessage(text=reply)
    sentiment = {"label": understanding.sentiment.label, "score": understanding.sentiment.score}
    parsed = {**Request.of(understanding).to_json(), "language": understanding.language, "sentiment": sentiment}
    events = (happened.user_uttered(message, parsed, now), happened.bot_uttered(said, now))
    tracker.apply_all(events)
    return TurnOutcome(events, (said,), _decision(tracker, understanding, code))


def _decision(tracker: Tracker, understanding: Understanding, code: str) -> Decision:
    why = because(code)
    return Decision(
        turn_number=tracker.turn_number,
        language=understanding.language,
        sentiment_label=understanding.sentiment.label,
        sentiment_score=understanding.sentiment.score,
        intents=tuple(Guess(guess.name, round(guess.confidence, 4)) for guess in understanding.intents[:5]),
        threshold=understanding.threshold or 0.0,
        entities=(),
        active_form_before=tracker.active_loop,
        active_form_after=tracker.active_loop,
        steps=(Step(POLICY, "action_listen", why.text(), why.code, dict(why.facts)),),
        actions=(),
        notes=(),
        versions=Versions(understanding.model_version, "", ""),
    )
