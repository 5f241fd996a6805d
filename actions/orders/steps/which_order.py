"""Which order: by number, by what is in it, "the last one", "the other one"; the only suitable one is simply taken."""

import re
from collections.abc import Callable

from actions import wording
from actions.choosing import Choice, choose, positions
from actions.desk import Desk
from actions.form import Step
from actions.orders.reading.lines import mentions
from actions.orders.reading.order_lines import readable
from actions.words import fold
from knowledge.shop.folding import order_number_key
from knowledge.shop.types import Order

OTHER = re.compile(
    r"(?<![a-z])(?:the other|another|a different|different|not that|wrong) order(?![a-z])|"
    r"另一[个笔]?(?:订单|单)|别的订单|不是这[一个笔]?(?:订单|单)|换[一个]?单|其[他它]订单"
)
OTHER_ONE = re.compile(r"(?<![a-z])(?:the other|another|a different|not that|wrong) one(?![a-z])|另一个|不是这个")
""""One" is the thing last spoken of: an order only while nothing in it has been chosen."""
GOES_ON = re.compile(
    r"^\W*(?:那就?(?!些|几)|(?:ok(?:ay)?\W+)?then(?![a-z]))|(?<![a-z])(?:return|exchange|cancel|change) it(?![a-z])|"
    r"把它|这一?[笔个]?(?:订单|单)"
)
"""It is about the order spoken of last, whether that suits or not: "then return it"."""
LATEST = re.compile(
    r"(?<![a-z])(?:latest|last|newest|most recent|recent) (?:order|purchase|one)|最(?:近|新|后)(?:的|那|"
    r"一)*(?:个|笔|单)?(?:订单|单)?|上一单|刚(?:刚|才)?(?:下|买|拍)的"
)
LAST_PLACED = re.compile(r"(?<![a-z])(?:my last|last (?:order|purchase)|last one i)(?![a-z])|最近")
"""The last one placed, wherever it stands in a list: lists begin with the newest."""
ALL_ORDERS = re.compile(
    r"(?<![a-z])(?:all|both|every)(?: of)?(?: my| the| these)?(?: \w+)? orders?(?![a-z])|"
    r"(?:所有|全部)的?(?:\S{0,3})?订单|[两几]个订单都?|订单(?:全|都)"
)
SAME_AS = re.compile(r"(?<![a-z])(?:same|like|address (?:in|from|on))(?![a-z])|一样|相同|一致")
"""The second order is only pointed at: "the same address as order #W2"."""
ABOUT_ORDER = ("items", "changes", "payment_method", "confirmed", "address")
"""What depends on the order and is forgotten when another one is meant."""
SHOWN = 6


class WhichOrder(Step):
    """`suits` tells which orders the form can do something for, `objection` what to say about the others. Where no
    order was named, one is taken if it is the only one that suits, or the only `preferred` one."""

    slot = "order_number"

    def __init__(
        self,
        suits: Callable[[Desk, Order], bool] = lambda _desk, _order: True,
        objection: Callable[[Order], str] = lambda _order: "order_not_suitable",
        none_left: str = "no_orders",
        preferred: Callable[[Desk, Order], bool] | None = None,
    ) -> None:
        self._suits = suits
        self._objection = objection
        self._none_left = none_left
        self._preferred = preferred

    def read(self, desk: Desk) -> None:
        if not desk.customer_id:
            return
        before = desk.order
        chosen = self._named(desk)
        if before and chosen is None and self._names_what_is_elsewhere(desk, before):
            before = None
            desk.put("order_number", None)
        if chosen is None and not desk.problem:
            chosen = self._pointed_at(desk, before) or before or self._obvious(desk)
        self._settle(desk, before, chosen)

    def _named(self, desk: Desk) -> Order | None:
        """The order whose number was said, the new one first; a number that is not theirs does not exist."""
        stored = desk.text("order_number")
        is_aside = desk.order is not None and desk.said.is_about_something_else(desk.form.removesuffix("_form"))
        numbers = [] if desk.requested and is_aside else desk.said.order_numbers
        if stored and (desk.get("unread") or not desk.order):  # given before it was known who asks
            numbers = [*numbers, stored, *desk.heard.order_numbers]
        found = [order for number in dict.fromkeys(numbers) if (order := _of_customer(desk, number))]
        if not numbers:  # what nothing calls an order number is one if the customer has such an order
            found = [order for code in desk.said.codes if (order := _of_customer(desk, code))]
        if numbers and not found:
            desk.put("order_number", None)
            desk.refuse("order_not_found", order_number=numbers[0])
        is_first = desk.requested is None or self.slot in desk.changed or bool(desk.get("unread"))
        other = [order for order in found if is_first or order.order_number != stored]
        chosen = next(iter([*other, *found]), None)
        if chosen and is_first:
            self._put_by(desk, chosen, found)
        return chosen

    def _names_what_is_elsewhere(self, desk: Desk, before: Order) -> bool:
        """Whether a request begins with an order that was spoken of earlier, and names what only others hold."""
        if desk.requested is not None or desk.get("unread") or self._holding(desk, [before]):
            return False
        return bool(self._holding(desk, desk.orders))

    def _put_by(self, desk: Desk, chosen: Order, orders: list[Order]) -> None:
        """Several orders in one request are dealt with one after the other."""
        suitable = [order.order_number for order in orders if self._suits(desk, order)]
        further = [number for number in dict.fromkeys(suitable) if number != chosen.order_number]
        if further and not SAME_AS.search(desk.heard.folded):
            desk.put("more_orders", further)

    def _pointed_at(self, desk: Desk, before: Order | None) -> Order | None:
        if before is None:
            return self._chosen(desk) or self._first_meant(desk)
        if not _means_another(desk):
            return self._chosen(desk) if desk.requested == self.slot else None
        others = [order for order in self.suitable(desk) if order.order_number != before.order_number]
        desk.put("order_number", None)
        return others[0] if len(others) == 1 else None

    def _chosen(self, desk: Desk) -> Order | None:
        """One of the orders that were listed: in any words as the answer, else only by its place in the list."""
        listed = desk.choices("order")
        if LAST_PLACED.search(desk.said.folded):
            return None
        if desk.requested == self.slot:
            picked = [choice.id for choice in choose(desk.said.text, listed)]
        else:
            picked = [listed[place].id for place in positions(desk.said.text, len(listed))]
        return desk.shop.order(picked[0], desk.customer_id) if picked else None

    def _first_meant(self, desk: Desk) -> Order | None:
        """All of them, the latest, or the one that holds what was named."""
        suitable, text = self.suitable(desk), desk.heard.folded
        if suitable and ALL_ORDERS.search(text):
            self._put_by(desk, suitable[0], suitable)
            return suitable[0]
        if suitable and LATEST.search(text):
            return suitable[0]
        return self._by_contents(desk, suitable)

    def _by_contents(self, desk: Desk, suitable: list[Order]) -> Order | None:
        """The order that holds what was named; the one spoken of last settles it where several do."""
        holding = self._holding(desk, suitable)
        candidates = holding or self._holding(desk, desk.orders)
        spoken_of = [order for order in candidates if order.order_number == desk.text("recent_order")]
        if spoken_of or not holding:
            return next(iter([*spoken_of, *candidates]), None)
        return holding[0] if len(holding) == 1 else None

    @staticmethod
    def _holding(desk: Desk, orders: list[Order]) -> list[Order]:
        """The orders that hold most of what was named, by the fullest name: "tea gift box" is more than "tea"."""
        named = [mentions(desk.heard.folded, readable(order.lines), desk.heard.products) for order in orders]
        fits = [
            (len({mention.product_id for mention in found}), max((m.end - m.start for m in found), default=0))
            for found in named
        ]
        best = max(fits, default=(0, 0))
        return [order for order, fit in zip(orders, fits, strict=True) if best[0] and fit == best]

    def _obvious(self, desk: Desk) -> Order | None:
        if desk.requested == self.slot and not desk.changed:
            return None
        suitable = self.suitable(desk)
        recent = desk.text("recent_order")
        if recent and GOES_ON.search(desk.said.folded) and not _means_another(desk):
            return desk.shop.order(recent, desk.customer_id)
        holding = self._holding(desk, suitable)
        spoken_of = [order for order in holding or suitable if order.order_number == recent]
        likely = [order for order in holding or suitable if self._preferred and self._preferred(desk, order)]
        likely = likely or holding or suitable
        if len(likely) == 1:
            return likely[0]
        if not suitable and recent:
            return desk.shop.order(recent, desk.customer_id)
        return spoken_of[0] if spoken_of and not _means_another(desk) else None

    def _settle(self, desk: Desk, before: Order | None, chosen: Order | None) -> None:
        if chosen is None:
            if not desk.problem and not desk.order and not self.suitable(desk):
                desk.refuse(self._none_left, is_final=True)
            return
        if before and before.order_number != chosen.order_number:
            for slot in ABOUT_ORDER:
                desk.put(slot, None)
        desk.put(self.slot, chosen.order_number)
        if not self._suits(desk, chosen):
            facts = {"order_number": chosen.order_number, "status": wording.status(chosen.status, desk.language)}
            desk.refuse(self._objection(chosen), is_final=True, **facts)

    def suitable(self, desk: Desk) -> list[Order]:
        return [order for order in desk.orders if self._suits(desk, order)]

    def ask(self, desk: Desk) -> None:
        suitable = self.suitable(desk)
        orders = (self._holding(desk, suitable) or suitable)[:SHOWN]
        desk.offer([_choice(order, desk) for order in orders])
        labels = wording.numbered([wording.order(order, desk.language, desk.shop.now) for order in orders])
        buttons = [{"title": order.order_number, "payload": order.order_number} for order in orders]
        desk.say("utter_ask_which_order", buttons, orders=labels)


def _of_customer(desk: Desk, number: str) -> Order | None:
    """The customer's order of that number, or the one whose parcel bears it."""
    if found := desk.shop.order(number, desk.customer_id or ""):
        return found
    key = order_number_key(number)
    parcels = ((parcel, order) for order in desk.orders for parcel in order.shipments)
    return next((order for parcel, order in parcels if order_number_key(parcel.tracking_number) == key), None)


def _means_another(desk: Desk) -> bool:
    text = desk.heard.folded
    is_about_parts = any(desk.get(slot) for slot in ("items", "changes", "address", "payment_method"))
    return bool(OTHER.search(text)) or (bool(OTHER_ONE.search(text)) and not is_about_parts)


def _choice(order: Order, desk: Desk) -> Choice:
    lines = [*order.lines]
    names = [line.name_en for line in lines] + [line.name_zh for line in lines]
    values = [value for line in lines for options in (line.options, line.options_zh) for value in options.values()]
    return Choice(
        order.order_number,
        "order",
        wording.order(order, desk.language, desk.shop.now),
        tuple(map(fold, [*names, *values])),
    )
