"""The context package, version 1: all that a person needs to go on with a conversation, as JSON.

Nothing in it is invented: the summary quotes, the reasons are the ones that decided, the articles are found by what the
customer wrote last. It is made when it is asked for, so it is as new as the conversation.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from actions.handoff.summary import REASONS, collected, key_lines, subject_line
from bot.conversation.tracker import Tracker
from bot.conversation.tracker_store import TrackerStore, head
from bot.handoff import rows
from bot.handoff.fitting import fitting
from bot.handoff.record import Said, TurnRecord, turns_of
from bot.handoff.requests import topic_of
from bot.handoff.rows import Handoff
from bot.handoff.seen import Seen
from bot.handoff.slot_words import OWN_NOTES, slot_name
from bot.problem import Problem
from knowledge.articles.article import fill
from knowledge.articles.index import ArticleIndex, Passage
from knowledge.profiles.reading import LatestOrder, Profile, read_profile
from knowledge.shop.columns import utc_now
from knowledge.shop.policy import ShopPolicy
from knowledge.shop.shop import Shop

VERSION = 1
Language = Literal["en", "zh"]
Json = dict[str, Any]
ANSWER_LETTERS = 160


@dataclass(frozen=True)
class Packing:
    """Makes packages. `facts` are the shop's, for the articles' placeholders."""

    trackers: TrackerStore[Tracker]
    articles: Callable[[], ArticleIndex]
    policy: Callable[[], ShopPolicy]
    facts: Callable[[Language], Mapping[str, str]]
    closes_at: Callable[[Connection, str], float | None] = lambda _connection, _conversation_id: None
    """Until when the channel lets the customer be answered."""
    title: Callable[[str, Language], str | None] = lambda _intent, _language: None
    """What customers call an intent ("Cancel an order")."""

    def of(self, session: Session, conversation_id: str, language: Language = "en") -> Json:
        """In the reader's language, what customer and bot said as they said it. Raises Problem 404."""
        connection = session.connection()
        state = head(connection, conversation_id)
        if state is None:
            raise Problem(404, "Not found", f"There is no conversation {conversation_id}.")
        tracker, records = self.trackers.read(connection, conversation_id), turns_of(connection, conversation_id)
        handoff = rows.latest(connection, conversation_id)
        spoken: Language = "zh" if tracker.slot("language") == "zh" else "en"
        passages = self._articles(records, spoken)
        profile = self._profile(session, tracker)
        return {
            "version": VERSION,
            "conversation_id": conversation_id,
            "channel": conversation_id.partition(":")[0],
            "language": spoken,
            "owner": state.owner,
            "epoch": state.epoch,
            "window_closes_at": self.closes_at(connection, conversation_id),
            "handoff": _handoff(handoff),
            "reason": _reason(handoff, language),
            "because": [why[language] for why in handoff.because if why["about"] != "reason"] if handoff else [],
            "note": handoff.note if handoff else None,
            "summary": self._summary(tracker, records, handoff, language),
            "intent": handoff.intent if handoff else None,
            "entities": tracker.latest_message.get("entities") or [],
            "collected": slots(tracker, language),
            "tried": tried(records),
            "sentiment": sentiment(records),
            "identity": identity(tracker, profile, language),
            "customer": _customer(profile),
            "orders": [_order(order, language) for order in profile.latest_orders] if profile else [],
            "transcript": [asdict(one) for record in records for one in record.said()],
            "articles": [self._article(one, spoken) for one in passages],
            "suggested_replies": [fill(one.text, self.facts(spoken)) for one in passages],
        }

    def _summary(
        self, tracker: Tracker, records: Sequence[TurnRecord], handoff: Handoff | None, language: Language
    ) -> list[str]:
        """What it is about, the messages that tell most, and what the bot said to it last."""
        zh, intent = language == "zh", handoff.intent if handoff else topic_of(tracker)
        about = (self.title(intent, language) or intent.replace("_", " ")) if intent else None
        said = [str(event["text"]) for event in tracker.messages if event["event"] == "user"]
        last = next((one["text"] for one in reversed(tried(records))), None)
        return [
            *([("事由：" if zh else "About: ") + about] if about else []),
            *(f"“{line}”" for line in key_lines(said)),
            *(
                [("机器人已答复：" if zh else "The bot has answered: ") + subject_line(last, ANSWER_LETTERS)]
                if last
                else []
            ),
        ]

    def _profile(self, session: Session, tracker: Tracker) -> Profile | None:
        customer_id = tracker.slot("customer_id")
        if not customer_id:
            return None
        return read_profile(session, Shop(session, self.policy()), customer_id, utc_now())

    def _articles(self, records: Sequence[TurnRecord], language: Language) -> list[Passage]:
        """What helps with the customer's last messages."""
        said = [one.text for record in records for one in record.said() if one.role == "user"]
        return fitting(self.articles(), said[::-1], language)

    def _article(self, one: Passage, language: Language) -> Json:
        words = fill(one.text, self.facts(language))
        url = f"{one.source}?lang={language}"
        return {"id": one.article, "title": one.title, "url": url, "text": words, "score": round(one.score, 3)}


def slots(tracker: Tracker, language: Language) -> list[Json]:
    """What the bot has found out, in words."""
    known = collected(Seen.of(tracker))
    told = [name for name in known if name not in OWN_NOTES]
    return [{"slot": name, "name": slot_name(name, language), "value": _shown(known[name])} for name in told]


def tried(records: Sequence[TurnRecord]) -> list[Json]:
    """What the bot did, and what it said of that: one for each turn in which it tried something."""
    return [
        {"text": _last_words(record), "turn": record.turn, "actions": record.attempts()}
        for record in records
        if record.attempts() and _last_words(record)
    ]


def sentiment(records: Sequence[TurnRecord]) -> list[Json]:
    """The customer's mood, message by message."""
    return [
        {"turn": record.turn, "score": score, "label": record.decision["sentiment_label"], "at": record.at}
        for record in records
        if record.decision and (score := record.decision.get("sentiment_score")) is not None
    ]


def identity(tracker: Tracker, profile: Profile | None, language: Language) -> Json:
    zh = language == "zh"
    if profile is None:
        return {"is_proven": False, "text": "顾客身份未验证" if zh else "The customer has not shown who they are."}
    name = profile.customer.full_name
    how = bool(tracker.slot("is_signed"))
    if zh:
        return {"is_proven": True, "text": f"{name}（{'已登录' if how else '已通过验证'}）"}
    return {"is_proven": True, "text": f"{name}, {'signed in' if how else 'identified in this conversation'}."}


def _reason(handoff: Handoff | None, language: Language) -> Json:
    if handoff is None:
        return {"code": None, "text": ""}
    words = REASONS.get(handoff.reason, (handoff.reason, handoff.reason))
    return {"code": handoff.reason, "text": words[get_args(Language).index(language)]}


def _handoff(handoff: Handoff | None) -> Json | None:
    return asdict(handoff) if handoff else None


def _customer(profile: Profile | None) -> Json | None:
    if profile is None:
        return None
    customer, computed = profile.customer, profile.computed
    return {
        "customer_id": customer.customer_id,
        "name": customer.full_name,
        "loyalty_tier": customer.loyalty_tier,
        "segment": computed.segment if computed else None,
        "predictions": {one.task: one.value for one in computed.predictions} if computed else {},
        "orders": profile.rfm.orders,
        "spend": profile.rfm.spend,
    }


def _order(order: LatestOrder, language: Language) -> Json:
    return {
        "order_number": order.order_number,
        "status": str(order.status),
        "placed_at": order.placed_at.isoformat() if order.placed_at else None,
        "total": str(order.total),
        "items": [f"{zh if language == 'zh' else en} × {count}" for en, zh, count in order.items],
    }


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_shown(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_shown(each)}" for name, each in value.items())
    return str(value)


def _last_words(record: TurnRecord) -> str:
    said: list[Said] = [one for one in record.said() if one.role == "bot"]
    return said[0].text if said else ""
