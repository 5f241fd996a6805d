"""Why the bot said this, in the words of people who answer customers: what it noticed, why it did what it did, and what
came of it. How things are called inside is left to the last sentence, for whoever looks after the bot.

`kefu explain` tells the same record with all names (bot/dialogue/telling.py).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.dialogue.reasons import Reason
from bot.handoff.slot_words import NAMES, slot_name

Language = Literal["en", "zh"]
Record = Mapping[str, Any]
Title = Callable[[str, Language], str | None]

STRANGE = 0.5
"""From this out-of-scope score on it is told."""
FORM = "_form"
TASKS = frozenset({"intent", "form", "other"})
"""The facts of a reason that name something the bot can do."""
MOODS = {"negative": ("upset", "不满"), "neutral": ("calm", "平静"), "positive": ("happy", "满意")}
KINDS = {
    "date": ("date", "日期"),
    "money": ("amount", "金额"),
    "option": ("colour or size", "规格"),
    "ordinal": ("which one", "第几个"),
    "person": ("name", "姓名"),
    "phone": ("phone", "电话"),
    "quantity": ("how many", "数量"),
}
"""What it can notice in a message, where that is no slot with a name."""
LANGUAGES = {"en": ("English", "英文"), "zh": ("Chinese", "中文")}
MINUS = "−"
LENGTH = re.compile(r"\(\d+ characters\)")


@dataclass(frozen=True)
class Telling:
    """`title`: what people call an intent."""

    language: Language
    title: Title

    def of(self, record: Record) -> list[str]:
        return [
            self._mood(record),
            *self._noticed(record),
            *(self._reason(step) for step in record["steps"]),
            *self._came_of_it(record),
            *self._task(record["active_form_before"], record["active_form_after"]),
            self._inside(record),
        ]

    def _say(self, english: str, chinese: str) -> str:
        return chinese if self.language == "zh" else english

    def _mood(self, record: Record) -> str:
        label, spoken = (self._say(*words) for words in (MOODS[record["sentiment_label"]], _spoken(record)))
        score = mood_figure(record["sentiment_score"])
        return self._say(
            f"The customer sounded {label} ({score} on a scale from {MINUS}1 to +1) and was answered in {spoken}.",
            f"客户听起来{label}（{score}，范围 {MINUS}1 到 +1），机器人用{spoken}回复。",
        )

    def _noticed(self, record: Record) -> Iterable[str]:
        if (record.get("out_of_scope_score") or 0.0) >= STRANGE:
            yield self._say("This is unlike anything that it has learned.", "这句话和它学过的内容都不像。")
        found = [f"{self._kind(one['kind'])} {one['value']}" for one in record["entities"]]
        if found:
            yield self._say(f"It noticed: {', '.join(found)}.", f"它注意到：{'，'.join(found)}。")

    def _kind(self, kind: str) -> str:
        return self._say(*KINDS[kind]) if kind in KINDS else slot_name(kind, self.language)

    def _reason(self, step: Record) -> str:
        facts = {name: self._named(name, value) for name, value in step["facts"].items()}
        why = Reason(step["code"], facts).text(self.language)
        return self._say(f"{why[:1].upper()}{why[1:]}.", f"{why.replace(' “', '“').replace('” ', '”')}。")

    def _named(self, fact: str, value: str) -> str:
        if fact in TASKS:
            return self._quoted(value)
        if fact == "slots":
            return self._say(", ", "、").join(slot_name(one, self.language) for one in value.split(", "))
        return value

    def _quoted(self, name: str) -> str:
        """“Cancel an order” of cancel_order and of cancel_order_form."""
        intent = name.removesuffix(FORM)
        return f"“{self.title(intent, self.language) or intent.replace('_', ' ')}”"

    def _came_of_it(self, record: Record) -> Iterable[str]:
        for run in record["actions"]:
            if run["failure"]:
                yield self._say(
                    "Something went wrong on our side while it did that.", "它办理的时候，我们这边出了问题。"
                )
            if noted := self._noted(run["slots"]):
                yield self._say(f"It noted: {', '.join(noted)}.", f"它记下了：{'，'.join(noted)}。")
            if wanted := run["slots"].get("requested_slot"):
                name = slot_name(wanted, self.language)
                yield self._say(f"What it asks for next: {name}.", f"接下来它要问：{name}。")

    def _noted(self, slots: Mapping[str, Any]) -> list[str]:
        """What people have a name for; the rest are the bot's own notes."""
        known = {name: value for name, value in slots.items() if name in NAMES and value not in (None, [], {})}
        return [f"{slot_name(name, self.language)} {_short(value)}".strip() for name, value in known.items()]

    def _task(self, before: str | None, after: str | None) -> Iterable[str]:
        if before and before == after:
            yield self._say(f"{self._quoted(before)} goes on.", f"{self._quoted(before)}还在进行。")
            return
        if before:
            yield self._say(
                f"{self._quoted(before)} is over, or waits.", f"{self._quoted(before)}到此为止，或先放一放。"
            )
        if after:
            yield self._say(f"It is now busy with {self._quoted(after)}.", f"现在正在办{self._quoted(after)}。")

    def _inside(self, record: Record) -> str:
        chose = [f"{step['policy']} → {step['action']}" for step in record["steps"]]
        versions = record["versions"]
        made = f"model {versions['model'] or '-'}, assistant {versions['domain']}, code {versions['code'] or '-'}"
        inside = "; ".join([f"turn {record['turn_number']}", *chose, *record["notes"], made])
        return self._say(f"For whoever looks after the bot: {inside}.", f"给维护机器人的同事：{inside}")


def mood_figure(score: float) -> str:
    """From −1.0 to +1.0, with a sign, but for 0.0."""
    figure = f"{round(score, 1) + 0.0:+.1f}"  # + 0.0: no minus before a zero
    return "0.0" if figure == "+0.0" else figure.replace("-", MINUS)


def _spoken(record: Record) -> tuple[str, str]:
    return LANGUAGES[record["language"]]


def _short(value: object) -> str:
    """A list by its length; what is kept in parts, or by its length alone, not at all."""
    if isinstance(value, list):
        return str(len(value))
    return "" if isinstance(value, dict) or LENGTH.fullmatch(str(value)) else str(value)
