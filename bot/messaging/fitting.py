"""One message → the messages that a platform can show, in order. What it lacks becomes text; nothing is left out.

buttons   too many, too long or none at all    a list, where there are lists; else "Reply with a number: 1. … 2. …",
                                               and the number is understood (choices.py)
rows      no lists, or too long for one        buttons, their descriptions in the text; else numbered like those
cards     none, or more than one may hold      a line each; their buttons join the numbered list
image     none                                 its address
files     none, or too large                   name and address; a picture is a picture, where those are shown
text      too long                             several messages, the buttons or the list under the last one
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.messages import Attachment, BotMessage, Button, Card, Row
from bot.messaging.capabilities import Capabilities, size, split

REPLY_WITH = {"en": "Reply with a number:", "zh": "回复数字就可以："}
CHOOSE = {"en": "What would you like?", "zh": "您想怎么做？"}
FILE = {"en": "File", "zh": "文件"}

Choice = Button | Row


@dataclass(frozen=True)
class Arranged:
    """How a message's choices are shown: one of these three has them all, in order."""

    rows: tuple[Row, ...] = ()
    buttons: tuple[Button, ...] = ()
    numbered: tuple[Choice, ...] = ()


def fit(message: BotMessage, can: Capabilities, language: str | None = None) -> list[BotMessage]:
    """Each result is one call of the platform: a text (with buttons or rows), an image, a file, cards, or `custom`."""
    return list(_fitted(degrade(message, can, language), can, language))


def degrade(message: BotMessage, can: Capabilities, language: str | None = None) -> BotMessage:
    """The same message with only what the channel can show; its text may still be too long."""
    lines = [message.text] if message.text else []
    shows_cards = are_shown(message.cards, can)
    if not shows_cards:
        lines += [plain_card(card) for card in message.cards]
    if message.image and not can.images:
        lines.append(message.image)
    lines += [plain_file(one, language) for one in message.files if not _is_sent(one, can)]
    shown = arrange(message, can)
    if shown.buttons and not shown.rows:
        lines += [f"· {row.title} – {row.description}" for row in message.rows if row.description]
    if shown.numbered:
        lines += [
            REPLY_WITH[language or "en"],
            *(f"{n}. {plain_choice(one)}" for n, one in enumerate(shown.numbered, 1)),
        ]
    return replace(
        message,
        text="\n".join(lines) or None,
        buttons=shown.buttons,
        rows=shown.rows,
        cards=message.cards if shows_cards else (),
        image=message.image if can.images else None,
        files=tuple(one for one in message.files if _is_sent(one, can)),
    )


def choices_of(message: BotMessage) -> tuple[Choice, ...]:
    """What can be chosen, in order, beside what its cards offer."""
    return (*message.rows, *message.buttons)


def arrange(message: BotMessage, can: Capabilities) -> Arranged:
    offered = choices_of(message)
    if not are_shown(message.cards, can) and (of_cards := tuple(_buttons_of(message.cards))):
        return Arranged(numbered=(*of_cards, *offered))
    rows = tuple(Row(one.title, one.payload) if isinstance(one, Button) else one for one in offered)
    buttons = tuple(Button(one.title, one.payload) for one in offered)
    in_order = (_as_rows, _as_buttons) if message.rows else (_as_buttons, _as_rows)
    shown = (as_these(rows, buttons, can) for as_these in in_order)
    return next((one for one in shown if one), Arranged(numbered=offered))


def _as_rows(rows: tuple[Row, ...], _buttons: tuple[Button, ...], can: Capabilities) -> Arranged | None:
    fits = len(rows) <= can.rows and all(
        _is_within(row.title, can.row_title_limit, can) and _is_within(row.description, can.row_description_limit, can)
        for row in rows
    )
    return Arranged(rows=rows) if fits else None


def _as_buttons(_rows: tuple[Row, ...], buttons: tuple[Button, ...], can: Capabilities) -> Arranged | None:
    fits = len(buttons) <= can.buttons and all(size(one.title, can.unit) <= can.title_limit for one in buttons)
    return Arranged(buttons=buttons) if fits else None


def _is_within(text: str, limit: int, can: Capabilities) -> bool:
    return not limit or size(text, can.unit) <= limit


def numbered(message: BotMessage, can: Capabilities) -> tuple[Choice, ...]:
    """What stands as a numbered list in the text, in its order; empty where all can be pressed."""
    return arrange(message, can).numbered


def _buttons_of(cards: tuple[Card, ...]) -> Iterator[Button]:
    for card in cards:
        for button in card.buttons:
            yield replace(button, title=f"{button.title}: {card.title}" if len(cards) > 1 else button.title)


def _is_sent(file: Attachment, can: Capabilities) -> bool:
    """Whether the platform takes the file itself, and not only its address."""
    is_shown = can.files or (file.kind == "image" and can.images)
    is_had = can.uploads or has_address(file)
    return is_shown and is_had and (file.size or 0) <= can.attachment_limit_bytes


def has_address(file: Attachment) -> bool:
    return file.reference.startswith(("https://", "http://"))


def are_shown(cards: tuple[Card, ...], can: Capabilities) -> bool:
    """Whether all of them can be shown as cards, with nothing left out."""
    return can.cards and all(_is_shown(card, can) for card in cards)


def _is_shown(card: Card, can: Capabilities) -> bool:
    texts = (card.title, " · ".join(part for part in (card.price, card.subtitle) if part))
    titles = (button.title for button in card.buttons) if can.card_buttons else ()
    return (
        all(_is_within(one, can.card_text_limit, can) for one in texts)
        and (not can.card_buttons or len(card.buttons) <= can.card_buttons)
        and all(_is_within(one, can.title_limit, can) for one in titles)
    )


def plain_card(card: Card) -> str:
    return "· " + " · ".join(part for part in (card.title, card.price, card.subtitle) if part)


def plain_choice(choice: Choice) -> str:
    description = choice.description if isinstance(choice, Row) else ""
    return f"{choice.title} – {description}" if description else choice.title


def plain_file(file: Attachment, language: str | None = None) -> str:
    return f"{file.name or FILE[language or 'en']}: {file.reference}"


def unreachable(message: BotMessage, can: Capabilities) -> bool:
    """Whether a file would have to go as an address, and has none that the customer could open."""
    return any(not _is_sent(one, can) and not has_address(one) for one in message.files)


def _fitted(message: BotMessage, can: Capabilities, language: str | None) -> Iterator[BotMessage]:
    pieces = split(message.text or "", can.text_limit, can.unit)
    has_choices = bool(message.buttons or message.rows)
    limit = can.button_text_limit
    if has_choices and (not pieces or (limit is not None and size(pieces[-1], can.unit) > limit)):
        pieces.append(CHOOSE[language or "en"])
    for number, piece in enumerate(pieces, 1):
        is_last = number == len(pieces)
        yield BotMessage(text=piece, buttons=message.buttons, rows=message.rows) if is_last else BotMessage(text=piece)
    if message.image:
        yield BotMessage(image=message.image)
    for file in message.files:
        yield BotMessage(files=(file,)) if can.files or can.uploads else BotMessage(image=file.reference)
    for start in range(0, len(message.cards), at_once := can.cards_at_once or len(message.cards) or 1):
        yield BotMessage(cards=message.cards[start : start + at_once])
    if message.custom:
        yield BotMessage(custom=message.custom)
