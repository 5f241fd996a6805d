"""One message as the contents of Rasa's `bot_uttered` events, in the shapes of Rasa 3.6."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.conversation.attachments import stored_id
from bot.conversation.outbox import Line, encode_button
from bot.messages import BotMessage, Card
from bot.messaging.capabilities import Capabilities
from bot.messaging.fitting import fit
from bot.messaging.links import Links

CAN = Capabilities(text_limit=100_000, buttons=100, title_limit=1_000, cards=True, images=True)


def uttered(line: Line, links: Links) -> Iterator[dict[str, Any]]:
    """The events of a line. What a person says is marked beside the shape: clients know no other key."""
    marks = {"metadata": {"role": line.role}} if line.role != "bot" else {}
    for one in shown(with_addresses(line, links)):
        yield {**one, **marks}


def with_addresses(line: Line, links: Links) -> BotMessage:
    """The line's message with addresses for its stored files."""
    numbered = [(one, stored_id(one.reference)) for one in line.message.files]
    files = (one if n is None else replace(one, reference=links.address(n, line.time)) for one, n in numbered)
    return replace(line.message, files=tuple(files))


def shown(message: BotMessage) -> Iterator[dict[str, Any]]:
    """The events' contents, as Rasa 3.6 has them: a text in pieces at its blank lines, buttons with the last one."""
    for part in fit(message, CAN):
        if part.image:
            yield attachment("image", {"src": part.image})
        elif part.cards:
            elements = [element(card) for card in part.cards]
            yield attachment("template", {"template_type": "generic", "elements": elements})
        elif part.custom:
            yield dict(part.custom)
        else:
            *first, last = (part.text or "").strip().split("\n\n")
            yield from ({"text": piece} for piece in first if piece.strip())
            replies = [{"content_type": "text", **encode_button(one)} for one in part.buttons]
            yield {"text": last, **({"quick_replies": replies} if replies else {})}


def attachment(kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"attachment": {"type": kind, "payload": dict(payload)}}


def element(card: Card) -> dict[str, Any]:
    subtitle = " · ".join(part for part in (card.price, card.subtitle) if part)
    buttons = [{"type": "postback", **encode_button(one)} for one in card.buttons]
    return {"title": card.title, "subtitle": subtitle, "image_url": card.image or "", "buttons": buttons}
