"""What the customer just said, as actions read it: the text, its intent and its entities."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from actions import consent
from actions.base import Tracker
from actions.words import fold, plain

ORDER_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_@.])#\s?([A-Za-z]{0,3}[\s-]?\d{5,12})(?![A-Za-z0-9_@])|"
    r"(?<![A-Za-z0-9_@.-])((?:[A-Za-z]{1,2}|[A-Za-z]\s)\d{6,12})(?![A-Za-z0-9_@-])|"
    r"(?:order|order number|order no\.?|订单号?|单号)\s*(?:is|是|为)?\s*[:：#]?\s*([A-Za-z]{0,3}\d{5,12})(?!\d)",
    re.I,
)
CODE = re.compile(r"(?<![\w@./$¥€£+-])[A-Za-z0-9]+(?:[-_/][A-Za-z0-9]+)*(?![\w@%/-]|\.\d)", re.ASCII)
LABEL = re.compile(r"^(?:order|number|no\.?|订单号?|单号|is|是|为|[:：\s])+", re.I)
SURE = 0.8
LIKELY = 0.5
ANSWERS = ("affirm", "deny", "inform", "choose_option", "nevermind", "out_of_scope")
"""Intents that say something about what is going on."""
EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True)
class Said:
    """One message of the customer, or one request of it. `folded` is what readers of words work on."""

    text: str
    intent: str = ""
    confidence: float = 0.0
    entities: tuple[Mapping[str, Any], ...] = ()
    whole: str = ""
    """The whole message where `text` is only one of its requests: who speaks, of which order, may stand in another."""

    @classmethod
    def of(cls, tracker: Tracker) -> "Said":
        message = tracker.latest_message
        text = str(message.get("text") or "")
        intent = message.get("intent") or {}
        found: Sequence[Mapping[str, Any]] = message.get("entities") or ()
        whole = _whole_message(tracker)
        return cls(
            _own_part(text, whole, tracker.get_slot("waiting_requests") or ()),
            str(intent.get("name") or ""),
            float(intent.get("confidence") or 0.0),
            tuple(found),
            whole,
        )

    def values(self, entity: str) -> list[str]:
        return [str(found["value"]) for found in self.entities if found.get("entity") == entity]

    def details(self, entity: str) -> list[Mapping[str, Any]]:
        return [found.get("details") or {} for found in self.entities if found.get("entity") == entity]

    def is_about_something_else(self, topic: str) -> bool:
        """Whether the message is surely another request than `topic` (an intent), not an answer or a correction."""
        return self.confidence >= SURE and self.intent not in (*ANSWERS, topic)

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @property
    def cased(self) -> str:
        """Like `folded`, place by place, but with its capitals: "M" is a size, "m" need not be one."""
        return plain(self.text)

    @property
    def products(self) -> list[tuple[int, int, Sequence[str]]]:
        """Where the NLU read products, and which ones of the catalogue it took them for."""
        return [
            (int(found.get("start", 0)), int(found.get("end", 0)), found["details"].get("product_ids") or ())
            for found in self.entities
            if found.get("entity") == "product" and found.get("details")
        ]

    def after(self, earlier: Sequence[str]) -> "Said":
        """This message together with what was said before it and could not be read then."""
        if not earlier:
            return self
        text = "\n".join([*earlier, self.text])
        return Said(text, self.intent, self.confidence, (), self.whole)

    @property
    def order_numbers(self) -> list[str]:
        """As written, best guess first. One that stands in another request of the message is that one's, unless the
        engine hands it on as an entity."""
        return list(dict.fromkeys([*self.values("order_number"), *_order_numbers(self.text)]))

    @property
    def codes(self) -> list[str]:
        """What may be an order number of some shop, if an order number is what was asked for: "1042", "ab-12-99x"."""
        phones = " ".join(self.values("phone"))
        found = dict.fromkeys(match.group() for match in CODE.finditer(EMAIL.sub(" ", plain(self.text))))
        return [code for code in found if 4 <= len(code) <= 24 and _digits(code) >= 2 and code not in phones]

    @property
    def emails(self) -> list[str]:
        return list(dict.fromkeys([*self.values("email"), *EMAIL.findall(self.text)])) or EMAIL.findall(self.whole)

    @property
    def is_yes(self) -> bool:
        """A plain yes: in words, or as the NLU reads it, and nothing beside it that takes it back."""
        if consent.is_yes(self.folded):
            return True
        reads_so = self.intent == "affirm" and self.confidence >= LIKELY
        return reads_so and not consent.is_no(self.folded) and not consent.takes_back(self.folded)

    @property
    def is_no(self) -> bool:
        return consent.is_no(self.folded) or (self.intent == "deny" and not consent.YES.match(self.folded))

    @property
    def drops_it(self) -> bool:
        """Whether they want none of it any more, whatever else the words begin with: "okay, never mind"."""
        return consent.drops(self.folded)


def _whole_message(tracker: Tracker) -> str:
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return str(event.get("text") or "")
    return ""


def _own_part(text: str, whole: str, waiting: Sequence[Mapping[str, Any]]) -> str:
    """One of several requests reaches to where the next begins: what stands between them belongs to it."""
    start = whole.find(text)
    if start < 0 or not waiting:
        return text
    nexts = [whole.find(str(request.get("text"))) for request in waiting]
    return whole[start : min((place for place in nexts if place > start), default=start + len(text))].strip()


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def _order_numbers(text: str) -> list[str]:
    matches = ["".join(match.group().split()) for match in ORDER_NUMBER.finditer(EMAIL.sub(" ", text))]
    return list(dict.fromkeys(number for found in matches if (number := LABEL.sub("", found))))
