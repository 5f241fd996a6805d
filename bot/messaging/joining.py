"""What a turn says, put into one message: for a channel where each message is a letter.

An answer is often said in several (what was found, then a question). In a chat these are bubbles; three letters within
a second would be a nuisance.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from bot.conversation.tracker import Tracker
from bot.dialogue.engine import TurnOutcome
from bot.messages import BotMessage, Button, UserMessage
from bot.messaging.fitting import plain_card
from nlu.types import Understanding


class Engine(Protocol):
    def handle(self, tracker: Tracker, understanding: Understanding, message: UserMessage) -> TurnOutcome: ...


class SaysInOne:
    """An engine whose answers on these channels are one message."""

    def __init__(self, engine: Engine, channels: Collection[str]) -> None:
        self._engine = engine
        self._channels = frozenset(channels)

    def handle(self, tracker: Tracker, understanding: Understanding, message: UserMessage) -> TurnOutcome:
        outcome = self._engine.handle(tracker, understanding, message)
        if message.channel not in self._channels or len(outcome.messages) < 2:
            return outcome
        return replace(outcome, messages=(joined(outcome.messages),))


def joined(messages: Sequence[BotMessage]) -> BotMessage:
    """All that they say, in order; pictures by their address, cards as text, and all buttons at the end."""
    return BotMessage(
        text="\n\n".join(words for message in messages if (words := "\n".join(lines(message)))) or None,
        buttons=tuple(button for message in messages for button in buttons(message)),
        rows=tuple(row for message in messages for row in message.rows),
        files=tuple(file for message in messages for file in message.files),
        custom={key: value for message in messages for key, value in (message.custom or {}).items()} or None,
    )


def lines(message: BotMessage) -> Iterator[str]:
    if message.text:
        yield message.text
    yield from (plain_card(card) for card in message.cards)
    if message.image:
        yield message.image


def buttons(message: BotMessage) -> Iterator[Button]:
    for card in message.cards:
        yield from (replace(one, title=f"{one.title}: {card.title}") for one in card.buttons)
    yield from message.buttons
