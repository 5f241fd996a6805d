"""Several requests in one message: what belongs together, and what each of them may use of the others.

"Return the lamp and put the money on my gift card, order #W7" is one request; "cancel #W1, and where is #W2?" are two.
What is said once (who writes, which order) counts for all, unless it is another request's own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.dialogue.request import EntityDict, Request
from nlu.types import Entity, Understanding, entity_to_rasa

SHARED = ("order_number", "email", "phone", "postcode", "person")
"""Kinds of entities that say who speaks, and about which order."""


@dataclass(frozen=True)
class Purpose:
    """What a part of a message is for."""

    name: str
    """Its intent, or `answer` for what the active form asked."""
    asked_for: frozenset[str] = frozenset()
    """The slots of the form that it opens."""
    gathers: frozenset[str] = frozenset()
    """Those of them that are the form's own matter: not the order, the person or the yes."""
    is_asked: bool = True

    def is_detail_of(self, other: "Purpose") -> bool:
        """Whether it only says what the other task asks for anyway, or asks nothing at all."""
        return bool(other.gathers) and (not self.is_asked or (bool(self.gathers) and self.gathers < other.gathers))


@dataclass
class _Group:
    """Parts that are one request. `head` is the part that says which, with its purpose."""

    parts: list[Understanding]
    purpose: Purpose | None
    head: Request | None
    has_detail: bool = field(default=False)

    def takes(self, purpose: Purpose | None, request: Request) -> bool:
        """Whether the next part belongs here; if so, it may become the head."""
        if purpose is None:
            return True
        if self.purpose is None or self.head is None:
            self.purpose, self.head = purpose, request
            return True
        if _are_about_different_orders(self.head, request):
            return False
        if self.purpose.is_detail_of(purpose):
            self.purpose, self.head, self.has_detail = purpose, request, True
            return True
        is_detail = purpose.is_detail_of(self.purpose)
        self.has_detail = self.has_detail or is_detail
        return is_detail or purpose.name == self.purpose.name


def requests_in(
    whole: Request, segments: Sequence[Understanding], purpose_of: Callable[[Request], Purpose | None]
) -> tuple[Request, ...]:
    """The message's requests in order: one, unless its segments ask for things that cannot be one.

    `purpose_of` says what a segment on its own is for, None if for nothing (a number, "please"): it belongs to the one
    beside it, then. Two for the same purpose are one, unless they are about different orders.
    """
    groups: list[_Group] = []
    for segment in segments:
        request = Request.of(segment)
        purpose = purpose_of(request)
        if groups and groups[-1].takes(purpose, request):
            groups[-1].parts.append(segment)
        else:
            groups.append(_Group([segment], purpose, request if purpose else None))
    if len(groups) > 1:
        return _shared([_joined(group) for group in groups], groups)
    if groups and groups[0].has_detail and groups[0].head:
        return (Request(whole.text, groups[0].head.intents, whole.entities),)
    return (whole,)


def in_order(titles: Sequence[str | None], language: str) -> str:
    """What the requests are called, as one phrase: "track an order, then return an item", "先查物流，再退货"."""
    named = [title[:1].lower() + title[1:] for title in titles if title]
    return "先" + "，再".join(named) if language == "zh" else ", then ".join(named)


def _are_about_different_orders(one: Request, other: Request) -> bool:
    orders, others = (set(each.all_values("order_number")) for each in (one, other))
    return bool(orders and others and orders.isdisjoint(others))


def _joined(group: _Group) -> Request:
    text, entities = "", list[EntityDict]()
    for part in group.parts:
        text += (" " if text else "") + part.text
        offset = len(text) - len(part.text)
        entities.extend(_shifted(entity, offset) for entity in part.entities)
    intents = group.head.intents if group.head else Request.of(group.parts[0]).intents
    return Request(text, intents, tuple(entities))


def _shifted(entity: Entity, offset: int) -> EntityDict:
    return {**entity_to_rasa(entity), "start": entity.start + offset, "end": entity.end + offset}


def _shared(requests: Sequence[Request], groups: Sequence[_Group]) -> tuple[Request, ...]:
    """Each request with what the others say for all: a value that is the only one of its kind in the message.

    A value that another request's own form asks for stays with it.
    """
    for_all = list[EntityDict]()
    for kind in SHARED:
        found = [
            (entity, group) for request, group in zip(requests, groups, strict=True) for entity in _of(kind, request)
        ]
        is_claimed = any(group.purpose and kind in group.purpose.asked_for for _, group in found)
        if len({entity["value"] for entity, _ in found}) == 1 and not is_claimed:
            for_all.append({**found[0][0], "start": 0, "end": 0})
    return tuple(_with(request, for_all) for request in requests)


def _of(kind: str, request: Request) -> list[EntityDict]:
    return [entity for entity in request.entities if entity["entity"] == kind]


def _with(request: Request, more: Sequence[EntityDict]) -> Request:
    own = {entity["entity"] for entity in request.entities}
    added = tuple(entity for entity in more if entity["entity"] not in own)
    return Request(request.text, request.intents, (*request.entities, *added))
