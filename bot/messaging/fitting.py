"""One message → the messages that a platform can show, in order. What it lacks becomes text; nothing is left out.

buttons   too many, too long or none at all    "Reply with a number: 1. … 2. …"; the number is understood (choices.py)
cards     none                                 a line each; their buttons join the numbered list
image     none                                 its address
text      too long                             several messages, the buttons under the last one
"""

from collections.abc import Iterator
from dataclasses import replace

from bot.messages import BotMessage, Button, Card
from bot.messaging.capabilities import Capabilities, size, split

REPLY_WITH = {"en": "Reply with a number:", "zh": "回复数字就可以："}
CHOOSE = {"en": "What would you like?", "zh": "您想怎么做？"}


def fit(message: BotMessage, can: Capabilities, language: str | None = None) -> list[BotMessage]:
    """Each result is one call of the platform: a text (with buttons), or an image, or cards, or `custom`."""
    return list(_fitted(degrade(message, can, language), can, language))


def degrade(message: BotMessage, can: Capabilities, language: str | None = None) -> BotMessage:
    """The same message with only what the channel can show; its text may still be too long."""
    lines = [message.text] if message.text else []
    if message.cards and not can.cards:
        lines += [plain_card(card) for card in message.cards]
    if message.image and not can.images:
        lines.append(message.image)
    listed = numbered(message, can)
    if listed:
        lines += [REPLY_WITH[language or "en"], *(f"{number}. {one.title}" for number, one in enumerate(listed, 1))]
    return replace(
        message,
        text="\n".join(lines) or None,
        buttons=() if listed else message.buttons,
        cards=message.cards if can.cards else (),
        image=message.image if can.images else None,
    )


def numbered(message: BotMessage, can: Capabilities) -> tuple[Button, ...]:
    """The buttons that stand as a numbered list in the text, in its order; empty where all are real buttons."""
    of_cards = () if can.cards else tuple(_buttons_of(message.cards))
    if not of_cards and _are_shown(message.buttons, can):
        return ()
    return (*of_cards, *message.buttons)


def _buttons_of(cards: tuple[Card, ...]) -> Iterator[Button]:
    for card in cards:
        for button in card.buttons:
            yield replace(button, title=f"{button.title}: {card.title}" if len(cards) > 1 else button.title)


def _are_shown(buttons: tuple[Button, ...], can: Capabilities) -> bool:
    return len(buttons) <= can.buttons and all(size(one.title, can.unit) <= can.title_limit for one in buttons)


def plain_card(card: Card) -> str:
    return "· " + " · ".join(part for part in (card.title, card.price, card.subtitle) if part)


def _fitted(message: BotMessage, can: Capabilities, language: str | None) -> Iterator[BotMessage]:
    pieces = split(message.text or "", can.text_limit, can.unit)
    if message.buttons and not pieces:
        pieces = [CHOOSE[language or "en"]]
    for number, piece in enumerate(pieces, 1):
        yield BotMessage(text=piece, buttons=message.buttons if number == len(pieces) else ())
    if message.image:
        yield BotMessage(image=message.image)
    if message.cards:
        yield BotMessage(cards=message.cards)
    if message.custom:
        yield BotMessage(custom=message.custom)
