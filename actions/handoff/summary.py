"""What a person needs to know before taking over: a summary in the customer's own words, slots, sentiment and history.

The summary is extractive: nothing is invented, the lines are the customer's.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions.base import Event, Language, Tracker
from actions.handoff.priority import Priority
from actions.said import EMAIL, ORDER_NUMBER
from knowledge.shop.types import Customer

HISTORY_MESSAGES = 30
KEY_LINES = 5
SPEAKERS = ("user", "bot", "agent")
LINE_LETTERS = 240
FALLING = 0.25
"""A change of the mean sentiment (-1 to 1) between the first and the last half that is worth a word."""
NOT_FOR_A_PERSON = frozenset(
    {"language", "requested_slot", "suspended_forms", "times_asked", "waiting_requests", "clarify_intents",
     "clarify_request", "failed_turns", "choices", "problem", "recent_sentiment", "handoff_reason", "is_person_offered",
     "customer_id", "is_signed", "session_started_metadata", "confirmed", "unread", "last_question",
     "open_question", "called_person_at", "handoff_ticket", "is_call_back_offered", "is_value_at_risk", "call_back",
     "was_with_person"}
)  # fmt: skip
REASONS: Mapping[str, tuple[str, str]] = {
    "asked": ("asked for a person", "客户要求人工"),
    "angry": ("is upset", "客户情绪不满"),
    "repeated_failure": ("the bot failed to understand several times", "机器人多次没听懂"),
    "policy": ("the shop's rules want a person here", "按店铺规则需人工处理"),
    "low_confidence": ("the bot had no good answer", "机器人没有合适的答案"),
    "action_error": ("something failed on our side", "系统处理出错"),
    "value_at_risk": ("a good customer who may leave is unhappy", "重要客户情绪不满，有流失风险"),
    "model_down": ("the bot could not answer at all", "机器人无法应答"),
    "reopened": ("came back after a person had resolved it", "人工处理后客户再次来询"),
    "agent": ("a colleague took it over", "同事主动接手"),
}


def summary(tracker: Tracker, customer: Customer | None, reason: str, urgency: Priority, language: Language) -> str:
    """A few lines in the customer's language: who, why, how soon, mood, and what they said."""
    zh = language == "zh"
    who = f"{customer.full_name} ({customer.customer_id})" if customer else ("未验证身份" if zh else "not identified")
    why = REASONS.get(reason, (reason, reason))[zh]
    mood = trend(sentiments(tracker), language)
    own_words = [str(event["text"]) for event in messages(tracker) if event["event"] == "user"]
    said = [f"> {line}" for line in key_lines(own_words)]
    labels = (
        ("客户", "原因", "优先级", "情绪", "原话")
        if zh
        else ("Customer", "Reason", "Priority", "Mood", "In their words")
    )
    colon = "：" if zh else ": "
    values = (who, why, urgency.line(language), mood)
    heads = [f"{label}{colon}{value}" for label, value in zip(labels, values, strict=False)]
    return "\n".join([*heads, f"{labels[-1]}{colon.rstrip()}", *said])


def key_lines(texts: Sequence[str]) -> list[str]:
    """The messages that tell most, in their order.

    The first that says anything is among them, because it names the matter, and so is the last. The angry words of the
    end are often many: those two and what has facts in it keep the matter from drowning in them.
    """
    if not texts:
        return []
    weights = {number: weight for number, text in enumerate(texts) if (weight := _weight(text)) > 0}
    best = sorted(weights, key=lambda number: -weights[number])
    chosen = list(dict.fromkeys([len(texts) - 1, *list(weights)[:1], *best]))[:KEY_LINES]
    return [subject_line(texts[number], LINE_LETTERS) for number in sorted(chosen)]


def _weight(text: str) -> float:
    """Facts weigh more than length, length more than courtesies."""
    facts = len(ORDER_NUMBER.findall(text)) + len(EMAIL.findall(text)) + len(re.findall(r"\d+", text)) / 2
    letters = len(re.findall(r"[\u3400-\u9fff]", text)) * 2 + len(re.findall(r"[a-zA-Z]+", text))
    return facts * 3 + min(letters, 60) / 4 - 1


def history(tracker: Tracker) -> list[dict[str, str | float]]:
    """The last messages, oldest first: [{"role": "user" | "bot" | "agent", "text", "score" (the mood, -1 to 1)}]."""
    return [_line(event) for event in messages(tracker)[-HISTORY_MESSAGES:]]


def _line(event: Event) -> dict[str, str | float]:
    score = _score(event)
    said: dict[str, str | float] = {"role": str(event["event"]), "text": str(event["text"])}
    return said if score is None else {**said, "score": score}


def messages(tracker: Tracker) -> list[Event]:
    """What was said since the conversation was last begun anew: before that somebody else may have spoken."""
    restarts = [number for number, event in enumerate(tracker.events) if event.get("event") == "restart"]
    since = tracker.events[restarts[-1] :] if restarts else tracker.events
    return [event for event in since if event.get("event") in SPEAKERS and event.get("text")]


def _score(event: Event) -> float | None:
    score = ((event.get("parse_data") or {}).get("sentiment") or {}).get("score")
    return None if score is None else float(score)


def sentiments(tracker: Tracker) -> list[float]:
    """Scores from -1 to 1 of the customer's messages, oldest first."""
    scores = [_score(event) for event in messages(tracker) if event["event"] == "user"]
    known = [score for score in scores if score is not None]
    return known or [float(score) for score in tracker.get_slot("recent_sentiment") or ()]


def trend(scores: Sequence[float], language: Language) -> str:
    """ "falling (now -0.8)", or "steady" and the like."""
    zh = language == "zh"
    if not scores:
        return "未知" if zh else "unknown"
    half = max(1, len(scores) // 2)
    change = sum(scores[-half:]) / half - sum(scores[:half]) / half
    words = ("下降", "上升", "平稳") if zh else ("falling", "rising", "steady")
    word = words[0] if change < -FALLING else words[1] if change > FALLING else words[2]
    now = f"{round(scores[-1], 1) + 0.0:+.1f}"  # + 0.0: no minus before a zero
    return f"{word}（当前 {now}）" if zh else f"{word} (now {now})"


def collected(tracker: Tracker) -> dict[str, Any]:
    """The slots that say something about the customer's matter."""
    return {
        name: value
        for name, value in tracker.slots.items()
        if value not in (None, [], {}, "") and name not in NOT_FOR_A_PERSON
    }


def subject_line(text: str, letters: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= letters else plain[: letters - 1].rstrip() + "…"
