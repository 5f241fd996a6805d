"""Which items of the order: by name, by number, all of them, all but one; an order of one item needs no question."""

import re

from actions import wording
from actions.choosing import NUMBERS, Choice, positions
from actions.desk import Desk
from actions.form import Step
from actions.orders.reading.lines import all_but, mentions, revise
from actions.orders.reading.order_lines import readable
from actions.orders.steps.spoken_lines import mentioned
from actions.words import fold
from knowledge.shop.types import OrderLine

COUNT = re.compile(
    r"(?<![a-z\d])(?P<count>one|two|three|four|five|\d{1,2}|一|两|二|三|四|五)(?:\s*(?:of|个|件|张|只|双|条|本|把|瓶|套|盒|包|支))*"
    r"(?: (?:the|my|these|those|both))?(?: \w+)?\s*$"
)
ONLY_SO_MANY = re.compile(
    r"(?<![a-z])(?:(?:just|only) (?P<count>one|two|three|four|\d)(?! (?:with|in))|"
    r"(?P<some>one|two|three|\d) of (?:them|the (?:two|three|four|\d)))(?![a-z])|"
    r"(?:只(?:要|想)?[退换]?|[退换])(?P<zh>[一两二三四\d])[件个张只双条本把瓶套盒包支](?![号码])"
)
IT = re.compile(r"(?<![a-z])(?:it|them|that|this|these|those)(?: one| ones)?(?![a-z'])|它|这[个件]|那[个件]")


class WhichItems(Step):
    """Fills `items` with line ids. `question` is the response that asks."""

    slot = "items"

    def __init__(self, question: str) -> None:
        self._question = question

    def read(self, desk: Desk) -> None:
        order = desk.order
        if order is None:
            return
        named = self._named(desk, order.lines)
        if named:
            desk.put(self.slot, named)
        elif not desk.get(self.slot) and len(order.lines) == 1:
            desk.put(self.slot, [order.lines[0].line_id])
        self._read_quantities(desk, order.lines)

    def _named(self, desk: Desk, lines: tuple[OrderLine, ...]) -> list[str] | None:
        had: list[str] = desk.get(self.slot) or []
        text = desk.heard.folded
        if desk.requested in (None, self.slot, "confirmed") or desk.has_news():
            everything = all_but(text, readable(lines))
            if everything:
                return everything
        if desk.requested == self.slot and (picked := self._by_position(desk, text, lines)):
            return revise(text, had, picked)
        found = mentioned(desk, text, lines, desk.heard.products)
        if not found and desk.requested is None:  # the item may stand in another part of the message
            found = mentioned(desk, fold(desk.said.whole), lines)
        if any(len(mention.line_ids) > 1 and not mention.is_plural for mention in found):
            desk.refuse("which_of_the_same")
            return None
        ids = list(dict.fromkeys(line_id for mention in found for line_id in mention.line_ids)) or spoken_of_last(desk)
        return revise(text, had, ids) if ids and not self._says_nothing_new(desk, had, ids) else None

    @staticmethod
    def _read_quantities(desk: Desk, lines: tuple[OrderLine, ...]) -> None:
        """ "one of the mugs" of a line of two: fewer pieces than were bought."""
        text = desk.heard.folded
        said = dict(desk.get("quantities") or {})
        for mention in mentions(text, readable(lines)):
            count = COUNT.search(text[max(0, mention.start - 24) : mention.start])
            line = next((line for line in lines if line.line_id == mention.line_ids[0]), None)
            if count and line and len(mention.line_ids) == 1:
                pieces = _number(count["count"])
                if 0 < pieces < line.quantity:
                    said[line.line_id] = pieces
        had: list[str] = desk.get("items") or []
        alone = ONLY_SO_MANY.search(text)
        line = next((line for line in lines if had == [line.line_id]), None)
        if alone and line:
            pieces = _number(alone["count"] or alone["some"] or alone["zh"])
            if 0 < pieces < line.quantity:
                said[line.line_id] = pieces
        if said:
            desk.put("quantities", said)

    @staticmethod
    def _by_position(desk: Desk, text: str, lines: tuple[OrderLine, ...]) -> list[str]:
        offered = [choice.id for choice in desk.choices("line")] or [line.line_id for line in lines]
        return [offered[place] for place in positions(text, len(offered))]

    def _says_nothing_new(self, desk: Desk, had: list[str], named: list[str]) -> bool:
        """Naming an item again in passing, while something else is asked for, does not drop the others."""
        return desk.requested not in (None, self.slot, "confirmed") and set(named) <= set(had)

    def is_missing(self, desk: Desk) -> bool:
        return not desk.get(self.slot)

    def ask(self, desk: Desk) -> None:
        order = desk.order
        if order is None:
            return
        offer_lines(desk, order.lines)
        labels = wording.numbered([wording.item(line, desk.language) for line in order.lines])
        everything = wording.pick(("All of them", "全部"), desk.language)
        buttons = [
            {"title": line.name(desk.language), "payload": wording.item(line, desk.language)} for line in order.lines
        ]
        desk.say(self._question, [*buttons, {"title": everything, "payload": everything}], items=labels)


def spoken_of_last(desk: Desk) -> list[str]:
    """The items that "it" and "them" mean at the beginning of a request: those that were dealt with last."""
    order = desk.order
    recent: list[str] = desk.get("recent_items") or []
    if order is None or desk.requested is not None or not IT.search(desk.said.folded):
        return []
    return [line.line_id for line in order.lines if line.line_id in recent]


def _number(word: str) -> int:
    return NUMBERS.get(word) or int(word)


def offer_lines(desk: Desk, lines: tuple[OrderLine, ...]) -> None:
    desk.offer(
        [
            Choice(
                line.line_id,
                "line",
                wording.item(line, desk.language),
                (fold(line.name_en), line.name_zh, *line.options.values(), *line.options_zh.values()),
            )
            for line in lines
        ]
    )


def chosen_lines(desk: Desk) -> list[OrderLine]:
    order, ids = desk.order, desk.get("items") or []
    return [line for line in order.lines if line.line_id in ids] if order else []


def pieces_of(desk: Desk, line: OrderLine) -> int:
    return int((desk.get("quantities") or {}).get(line.line_id, line.quantity))


def has_items(desk: Desk) -> bool:
    return bool(desk.get("items"))
