"""What the bot wants to know, read from its words and buttons as a person would read them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto


class Asks(StrEnum):
    """What a reply asks for."""

    PERSON = auto()
    """Whether a colleague shall take over."""
    CONFIRM = auto()
    WHAT_TO_CHANGE = auto()
    """What is wrong with a summary that was turned down."""
    VARIANT = auto()
    REASON = auto()
    PAYMENT = auto()
    IDENTITY = auto()
    ITEMS = auto()
    ORDER = auto()
    ADDRESS = auto()
    MEANING = auto()
    """Which of several requests was meant."""
    REPHRASE = auto()
    MORE = auto()
    NOTHING = auto()


PATTERNS: Mapping[Asks, tuple[str, ...]] = {
    Asks.PERSON: ("colleague", "a person", "human"),
    Asks.WHAT_TO_CHANGE: ("have different", "be different", "should i change", "shall i change"),
    Asks.REASON: (r"\bwhy\b", "reason"),
    Asks.VARIANT: ("which one would you like instead", "instead of the", "which (?:variant|version|option)"),
    Asks.PAYMENT: ("payment", "to pay", "which card", "refund (?:to|go)"),
    Asks.ITEMS: (r"which (?:items?|products?)\b", "tell me the item"),
    Asks.ADDRESS: ("address with", "street", "city", "where should it go", "new address", "the address"),
    Asks.IDENTITY: ("e-?mail", r"\bname\b", "zip", "postcode"),
    Asks.ORDER: ("which order", "which of (?:these|your) orders", "order number"),
    Asks.REPHRASE: ("another way", "differently", "rephrase", "other words"),
    Asks.MORE: ("anything else", "what else"),
    Asks.MEANING: ("what would you like to do", "did you mean"),
}
"""Earlier ones win."""
REFUSAL = re.compile(r"\b(?:can't|cannot|can no longer|couldn't|isn't possible|sorry)\b", re.I)
ORDER_NUMBER = re.compile(r"#W\d{7}")
BEGS = re.compile(r"(?:please|tell me|i (?:still )?need)\b|.*\bmissing\b", re.I)
LISTED = re.compile(r"^\s*(\d+)[.)]\s+(.+)$", re.M)


@dataclass(frozen=True)
class Reply:
    """One message of the bot as it is seen: its text and the labels on its buttons."""

    text: str
    buttons: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        return f"{self.text} {' '.join(f'[{button}]' for button in self.buttons)}".rstrip()


@dataclass(frozen=True)
class Heard:
    """The bot's turn as understood."""

    asks: Asks
    text: str
    """All of it."""
    last: str
    """Its last message: where the question stands."""
    buttons: tuple[str, ...]

    @property
    def is_refusal(self) -> bool:
        return bool(REFUSAL.search(self.text))

    @property
    def order_numbers(self) -> set[str]:
        return set(ORDER_NUMBER.findall(self.text))

    @property
    def choices(self) -> list[str]:
        """What a numbered list offers, in its order."""
        return [label for _, label in LISTED.findall(self.last)]


def hear(replies: Sequence[Reply]) -> Heard:
    text = "\n".join(reply.text for reply in replies)
    buttons = replies[-1].buttons if replies else ()
    return Heard(_asked(replies, buttons), text, replies[-1].text if replies else "", buttons)


def _asked(replies: Sequence[Reply], buttons: Sequence[str]) -> Asks:
    last = replies[-1].text if replies else ""
    question = _question(last)
    if _is_yes_or_no(buttons):
        return Asks.PERSON if _is_about(Asks.PERSON, question or last) else Asks.CONFIRM
    if question is None:
        return Asks.REPHRASE if _is_about(Asks.REPHRASE, last) else Asks.NOTHING
    return next((asks for asks in PATTERNS if _is_about(asks, question)), Asks.NOTHING)


def _is_about(asks: Asks, words: str) -> bool:
    return any(re.search(pattern, words, re.I) for pattern in PATTERNS[asks])


def _is_yes_or_no(buttons: Sequence[str]) -> bool:
    first_words = {button.split()[0].strip(",.!").lower() for button in buttons if button.split()}
    return {"yes", "no"} <= first_words


def _question(text: str) -> str | None:
    """The last sentence that asks or begs for something."""
    sentences = [part.strip() for part in re.split(r"(?<=[.!?:])\s+|\n+", LISTED.sub("", text)) if part.strip()]
    return next((sentence for sentence in reversed(sentences) if "?" in sentence or BEGS.match(sentence)), None)
