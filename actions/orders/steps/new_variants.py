"""Which items, and which other variant of each: "the keyboard for a clicky one and the lamp for a brighter one"."""

import re
from decimal import Decimal
from typing import Any

from actions import wording
from actions.choosing import Choice, choose
from actions.desk import Desk
from actions.form import Step
from actions.orders.reading.lines import DROP, ONLY
from actions.orders.reading.order_lines import item_of, items
from actions.orders.reading.quantities import pieces_wanted
from actions.orders.reading.variants import (
    Item,
    is_fulfilled,
    match,
    nearest,
    read_wish,
    unknown_values,
)
from actions.orders.reading.wishes import merged, words_of
from actions.orders.steps.spoken_lines import mentioned
from actions.orders.steps.which_items import offer_lines, spoken_of_last
from actions.words import fold
from knowledge.shop.types import ItemChange, Order, OrderLine, Variant

SHOWN = 6
Change = dict[str, Any]
"""One entry of the slot `changes`: {"line_id", "variant_id" or None while it is open, "quantity" where it changes,
"words": what was said about it so far}."""


class NewVariants(Step):
    """Fills `changes`. What a wish leaves open stays as it is where that can be had; else the closest are offered."""

    slot = "changes"

    def __init__(self, question: str, none_left: str, *, may_change_quantity: bool = False) -> None:
        """`none_left` is the problem with a product of which nothing else is in stock."""
        self._question = question
        self._none_left = none_left
        self._may_change_quantity = may_change_quantity

    def read(self, desk: Desk) -> None:
        order = desk.order
        if order is None:
            return
        changes: list[Change] = [dict(change) for change in desk.get(self.slot) or []]
        updated = self._named(desk, order, changes) or self._answered(desk, order, changes)
        if updated is not None:
            desk.put(self.slot, self._told(desk, order, updated))
            self._object_to_other_products(desk, order, updated)
        elif not changes and len(order.lines) == 1:
            desk.put(self.slot, self._told(desk, order, [self._change(desk, order.lines[0], desk.heard.text)]))
        self._object_where_none_is_left(desk, order)

    def _object_where_none_is_left(self, desk: Desk, order: Order) -> None:
        """A question without an answer must not be asked."""
        for change in desk.get(self.slot) or []:
            line = _line(order, change["line_id"])
            if change["variant_id"] is None and not _has_others(desk, line):
                desk.refuse(self._none_left, is_final=True, product=line.name(desk.language))

    @staticmethod
    def _object_to_other_products(desk: Desk, order: Order, changes: list[Change]) -> None:
        """ "The earbuds for the headphones": another product is no variant."""
        own = {line.product_id for line in order.lines}
        is_open = any(change["variant_id"] is None for change in changes)
        if is_open and any(ids and not own & set(ids) for _, _, ids in desk.said.products):
            desk.refuse("different_product")

    # Items that are named, each with the words that belong to it.

    def _named(self, desk: Desk, order: Order, changes: list[Change]) -> list[Change] | None:
        text = desk.heard.folded
        found = merged(mentioned(desk, text, order.lines, desk.heard.products))
        if any(len(mention.line_ids) > 1 and not mention.is_plural for mention in found):
            desk.refuse("which_of_the_same")
            return None
        wishes = {
            line_id: words
            for mention, words in zip(found, words_of(found, desk.heard.cased), strict=True)
            for line_id in mention.line_ids
        }
        wishes = wishes or dict.fromkeys(spoken_of_last(desk), desk.heard.cased)
        if not wishes:
            return None
        return self._revised(desk, order, changes, wishes)

    def _revised(self, desk: Desk, order: Order, changes: list[Change], wishes: dict[str, str]) -> list[Change]:
        text = desk.heard.folded
        had = {change["line_id"]: change for change in changes}
        drops = DROP.search(text) and not any(self._wishes(desk, order, *wish) for wish in wishes.items())
        if had and drops and not ONLY.search(text) and set(wishes) < set(had):
            return [change for change in changes if change["line_id"] not in wishes]
        new = {
            line_id: self._renewed(desk, _line(order, line_id), words, had.get(line_id))
            for line_id, words in wishes.items()
        }
        return list(new.values()) if ONLY.search(text) else list({**had, **new}.values())

    @staticmethod
    def _wishes(desk: Desk, order: Order, line_id: str, words: str) -> bool:
        """ "Not that one, I want a red one" is about the item, and no word against it."""
        line = _line(order, line_id)
        return bool(read_wish(words, item_of(line), items(desk.shop.variants_of(line.product_id))))

    def _renewed(self, desk: Desk, line: OrderLine, words: str, old: Change | None) -> Change:
        """Naming an item again refines what was wished before, or keeps it where there is no new wish."""
        if not old or not old["variant_id"]:
            return self._change(desk, line, words)
        tries = (self._change(desk, line, words, now=old), self._change(desk, line, words))
        return next((change for change in tries if change["variant_id"]), old)

    # Answers to "which one instead?", and second thoughts about what is already chosen.

    def _answered(self, desk: Desk, order: Order, changes: list[Change]) -> list[Change] | None:
        if desk.requested == self.slot and not changes:
            return self._lines_picked(desk, order)
        open_change = next((change for change in changes if change["variant_id"] is None), None)
        if open_change:
            return self._with(changes, self._answer(desk, order, open_change))
        may_correct = desk.requested in ("confirmed", "payment_method") and not desk.said.is_yes
        for change in changes if may_correct else ():
            again = self._change(desk, _line(order, change["line_id"]), desk.said.text, now=change)
            if again["variant_id"] and again != change:
                return self._with(changes, again)
            if again["variant_id"]:
                desk.acknowledge()
        return None

    @staticmethod
    def _lines_picked(desk: Desk, order: Order) -> list[Change] | None:
        picked = choose(desk.said.text, desk.choices("line"))
        ids = {line.line_id for line in order.lines}
        return [{"line_id": choice.id, "variant_id": None} for choice in picked if choice.id in ids] or None

    def _answer(self, desk: Desk, order: Order, change: Change) -> Change:
        """The wish is read against everything there is; only what speaks of no option points at the list."""
        line, text = _line(order, change["line_id"]), desk.said.text
        if desk.requested == self.slot and (picked := self._pointed_at(desk, line)):
            return {**change, "variant_id": picked}
        alone = self._change(desk, line, text)
        together = self._change(desk, line, f"{change.get('words', '')}. {text}")
        if together["variant_id"]:
            return together
        if alone.get("unknown"):
            return together
        return alone if alone["variant_id"] or alone["is_impossible"] else self._refined(desk, line, change)

    @staticmethod
    def _pointed_at(desk: Desk, line: OrderLine) -> str | None:
        shown, folded = desk.choices("variant"), desk.said.folded.strip(" .!。！")
        exact = [choice.id for choice in shown if folded in (fold(choice.label), fold(choice.id))]
        if exact:
            return exact[0]
        if read_wish(desk.said.text, item_of(line), items(desk.shop.variants_of(line.product_id))):
            return None
        picked = choose(desk.said.text, shown)
        return picked[0].id if picked else None

    @staticmethod
    def _refined(desk: Desk, line: OrderLine, change: Change) -> Change:
        """Not enough to settle it, but something to narrow the offer down with."""
        says_something = read_wish(desk.said.text, item_of(line), items(desk.shop.variants_of(line.product_id)))
        return {**change, "words": f"{change.get('words', '')}. {desk.said.text}"} if says_something else change

    @staticmethod
    def _with(changes: list[Change], new: Change) -> list[Change] | None:
        updated = [new if change["line_id"] == new["line_id"] else change for change in changes]
        return updated if updated != changes else None

    def _change(self, desk: Desk, line: OrderLine, words: str, now: Change | None = None) -> Change:
        """What the words make of this line; a wish that is refined starts from what was wished before."""
        quantity = self._quantity(desk, words, line)
        current = _current(desk, line, now)
        variants = items(desk.shop.variants_of(line.product_id))
        wish = read_wish(words, current, variants)
        if now and now["variant_id"] and not quantity and is_fulfilled(wish, current):
            return dict(now)
        found = match(wish, current, variants)
        unknown = [] if quantity else unknown_values(words, variants)
        if wish and found.is_certain and not unknown:
            change: Change = {"line_id": line.line_id, "variant_id": found.candidates[0].variant_id}
        else:
            change = {"line_id": line.line_id, "variant_id": current.variant_id if quantity else None}
            if wish:
                change["words"] = without(words, unknown)
            change["unknown"] = unknown
            change["is_impossible"] = bool(wish) and not found.candidates
        return {**change, "quantity": quantity} if quantity else change

    @staticmethod
    def _told(desk: Desk, order: Order, changes: list[Change]) -> list[Change]:
        """A wish that nothing fulfils is said so, and everything there is will be offered."""
        for change in changes:
            is_impossible, unknown = change.pop("is_impossible", False), change.pop("unknown", None)
            product = _line(order, change["line_id"]).name(desk.language)
            if unknown:
                desk.refuse("no_such_value", product=product, value=wording.listing(unknown, desk.language))
            elif is_impossible:
                desk.refuse("no_such_variant", product=product)
        return changes

    def _quantity(self, desk: Desk, words: str, line: OrderLine) -> int | None:
        if not self._may_change_quantity or not desk.shop.policy.change_order_items.may_change_quantity:
            return None
        return pieces_wanted(fold(words), line.quantity)

    def is_missing(self, desk: Desk) -> bool:
        changes = desk.get(self.slot)
        return not changes or any(change["variant_id"] is None for change in changes)

    def ask(self, desk: Desk) -> None:
        order = desk.order
        if order is None:
            return
        changes = desk.get(self.slot) or []
        if changes:
            self._ask_variant(desk, order, next(change for change in changes if change["variant_id"] is None))
        else:
            offer_lines(desk, order.lines)
            labels = wording.numbered([wording.item(line, desk.language) for line in order.lines])
            desk.say(self._question, items=labels)

    @staticmethod
    def _ask_variant(desk: Desk, order: Order, change: Change) -> None:
        line = _line(order, change["line_id"])
        variants = desk.shop.variants_of(line.product_id)
        current = item_of(line)
        wish = read_wish(change.get("words", ""), current, items(variants))
        fitting = match(wish, current, items(variants)).candidates or nearest(wish, current, items(variants))
        by_id = {variant.variant_id: variant for variant in variants}
        offered = [by_id[item.variant_id] for item in fitting[:SHOWN]]
        desk.offer([_variant_choice(variant, desk) for variant in offered])
        desk.say(
            "utter_ask_which_variant",
            [
                {"title": wording.options(v.options_in(desk.language), desk.language), "payload": v.variant_id}
                for v in offered
            ],
            product=wording.item(line, desk.language),
            variants=wording.numbered([_variant_label(variant, line, desk) for variant in offered]),
        )


def without(words: str, unknown: list[str]) -> str:
    """The words without the values that do not exist, so that an answer is read together with the rest."""
    return re.sub("|".join(map(re.escape, unknown)), " ", words, flags=re.IGNORECASE) if unknown else words


def _line(order: Order, line_id: str) -> OrderLine:
    line = order.line(line_id)
    if line is None:
        raise LookupError(f"order {order.order_number} has no line {line_id}")
    return line


def _has_others(desk: Desk, line: OrderLine) -> bool:
    """Whether there is anything to swap the line for."""
    variants = desk.shop.variants_of(line.product_id)
    return any(variant.is_available and variant.variant_id != line.variant_id for variant in variants)


def _current(desk: Desk, line: OrderLine, now: Change | None) -> Item:
    chosen = desk.shop.variant(now["variant_id"]) if now else None
    return items([chosen])[0] if chosen else item_of(line)


def _variant_choice(variant: Variant, desk: Desk) -> Choice:
    values = (*variant.options.values(), *variant.options_zh.values())
    return Choice(
        variant.variant_id, "variant", wording.options(variant.options_in(desk.language), desk.language), values
    )


def _variant_label(variant: Variant, line: OrderLine, desk: Desk) -> str:
    """ "black, size M — $5.00 more" """
    options = wording.options(variant.options_in(desk.language), desk.language)
    return (
        f"{options} — {wording.difference(variant.price - line.unit_price, desk.shop.policy.currency, desk.language)}"
    )


def item_changes(desk: Desk) -> list[ItemChange]:
    return [ItemChange(c["line_id"], c["variant_id"], c.get("quantity")) for c in desk.get("changes") or []]


def price_difference(desk: Desk) -> Decimal:
    """What the chosen variants cost more than what was paid."""
    order, total = desk.order, Decimal(0)
    for change in item_changes(desk) if order else ():
        line, variant = order.line(change.line_id) if order else None, desk.shop.variant(change.new_variant_id)
        if line and variant:
            price = line.unit_price if variant.variant_id == line.variant_id else variant.price
            total += price * (change.quantity or line.quantity) - line.total
    return total


def has_changes(desk: Desk) -> bool:
    changes = desk.get("changes")
    return bool(changes) and all(change["variant_id"] for change in changes)


def differs(desk: Desk) -> bool:
    """Whether the chosen variants cost more or less than what was paid."""
    return price_difference(desk) != 0


def described(desk: Desk) -> str:
    """ "• Desk Lamp: black, high → black, low" """
    order, rows = desk.order, []
    for change in item_changes(desk) if order else ():
        line, variant = order.line(change.line_id) if order else None, desk.shop.variant(change.new_variant_id)
        if line and variant:
            old, new = (wording.options(v.options_in(desk.language), desk.language) for v in (line, variant))
            count = f" × {change.quantity}" if change.quantity else ""
            rows.append(f"• {line.name(desk.language)}: {old} → {new}{count}")
    return "\n".join(rows)
