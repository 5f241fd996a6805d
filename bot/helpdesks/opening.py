"""A handoff in words, for whoever takes it in another system. All of it comes from the context package."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from bot.handoff.rows import Handoff
from bot.helpdesks.helpdesk import Opening

Language = Literal["en", "zh"]
SUBJECT_LETTERS = 80
TRANSCRIPT_LINES = 40
HEADINGS: Mapping[str, tuple[str, str]] = {
    "because": ("Why so soon, and to whom", "优先级与分配"),
    "collected": ("What is known", "已知信息"),
    "tried": ("What the bot tried", "机器人做过的事"),
    "orders": ("Orders", "订单"),
    "transcript": ("The conversation", "对话记录"),
}
REASON = ("Why a person", "转人工原因")
WHO: Mapping[str, tuple[str, str]] = {
    "user": ("Customer", "顾客"),
    "bot": ("Bot", "机器人"),
    "agent": ("Agent", "客服"),
}
FROM = ("Customer ({})", "顾客（{}）")
NO_SUBJECT = ("A customer wants to talk to a person", "顾客需要人工客服")


def key_of(handoff: Handoff) -> str:
    """The handoff's name in other systems, of this installation alone."""
    return f"kefu-{handoff.id}-{round(handoff.requested_at * 1000)}"


def opening_of(handoff: Handoff, context: Mapping[str, Any]) -> Opening:
    language: Language = "zh" if handoff.language == "zh" else "en"
    known = context.get("customer") or {}
    return Opening(
        key_of(handoff),
        handoff.conversation_id,
        language,
        subject_of(context, language),
        brief_of(context, language),
        str(known.get("name") or in_words(FROM, language).format(handoff.channel)),
        handoff.priority,
        context,
    )


def subject_of(context: Mapping[str, Any], language: Language) -> str:
    """What it is about, and the customer's last words, as far as a subject holds them."""
    said = [one["text"] for one in context["transcript"] if one["role"] == "user" and one.get("text")]
    words = " · ".join([*context["summary"][:1], *said[-1:]]) or in_words(NO_SUBJECT, language)
    words = " ".join(words.split())
    return words if len(words) <= SUBJECT_LETTERS else f"{words[: SUBJECT_LETTERS - 1].rstrip()}…"


def brief_of(context: Mapping[str, Any], language: Language) -> str:
    parts = {
        "because": context["because"],
        "collected": [titled(one["name"], one["value"], language) for one in context["collected"]],
        "tried": [one["text"] for one in context["tried"]],
        "orders": [order_line(one) for one in context["orders"]],
        "transcript": [*transcript(context["transcript"], language)],
    }
    why = context["reason"]["text"]
    first = [context["identity"]["text"], *([titled(in_words(REASON, language), why, language)] if why else [])]
    sections = ["\n".join(first), "\n".join(context["summary"]), context.get("note") or ""]
    sections += [section(name, lines, language) for name, lines in parts.items() if lines]
    return "\n\n".join(one for one in sections if one)


def section(name: str, lines: list[str], language: Language) -> str:
    return "\n".join([titled(in_words(HEADINGS[name], language), "", language), *(f"- {line}" for line in lines)])


def titled(title: str, words: str, language: Language) -> str:
    return f"{title}：{words}" if language == "zh" else f"{title}: {words}".rstrip()


def order_line(order: Mapping[str, Any]) -> str:
    return " · ".join([order["order_number"], order["status"], order["total"], ", ".join(order["items"])])


def transcript(lines: list[Mapping[str, Any]], language: Language) -> Iterator[str]:
    for one in lines[-TRANSCRIPT_LINES:]:
        who = in_words(WHO.get(one["role"], (one["role"], one["role"])), language)
        yield clock(one.get("at")) + titled(who, one["text"], language)


def clock(at: float | None) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%H:%M} UTC " if at else ""


def in_words(pair: tuple[str, str], language: Language) -> str:
    return pair[language == "zh"]
