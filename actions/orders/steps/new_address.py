"""The new address: in one line, in pieces, only the flat's number, "my default address", "the one of order #W…"."""

import re
from collections.abc import Callable
from dataclasses import asdict, replace

from actions import wording
from actions.desk import Desk
from actions.form import Step
from actions.orders.reading.addresses import AddressParts, from_entity, read_address
from actions.said import EMAIL, ORDER_NUMBER
from actions.words import is_chinese
from knowledge.shop.types import Address

DEFAULT = re.compile(
    r"(?<![a-z])(?:default|profile|home|usual|registered|account|on file|saved)(?: \w+)? ?(?:address|one)|"
    r"(?<![a-z])address on (?:my )?(?:file|profile|account)|默认(?:的)?(?:收货)?地址|账户(?:里的|"
    r"上的)?地址|常用地址"
)
OF_ORDER = re.compile(r"(?:same|address|地址|一样|相同)")


class NewAddress(Step):
    """Fills `address` with the parts known so far; complete, it is the shop's `Address` as a dict. Parts that were not
    said are completed from `basis` (the address as it is) only when nothing but a flat or a postcode changes."""

    slot = "address"

    def __init__(self, basis: Callable[[Desk], Address | None], *, may_use_default: bool = True) -> None:
        self._basis = basis
        self._may_use_default = may_use_default

    def read(self, desk: Desk) -> None:
        basis = self._basis(desk)
        if not desk.customer_id:
            return
        known = parts_of(desk.get(self.slot))
        said = self._said(desk, known)
        if not said:
            return
        merged = said.over(AddressParts() if said.line1 and said.city else known)
        if basis and not merged.line1 and not merged.city and (merged.line2 or merged.postcode):
            merged = merged.over(AddressParts(**asdict(basis)))
        if basis and not merged.country:
            merged = replace(merged, country="中国" if is_chinese(merged.line1 + merged.city) else basis.country)
        if basis and not merged.state and merged.city == basis.city:
            merged = replace(merged, state=basis.state)
        desk.put(self.slot, asdict(merged))

    def _said(self, desk: Desk, known: AddressParts) -> AddressParts:
        if copied := self._copied(desk):
            return AddressParts(**asdict(copied))
        for details in desk.said.details("address"):
            if found := from_entity(details):
                return found.over(read_address(desk.said.text))
        plain = ORDER_NUMBER.sub(" ", EMAIL.sub(" ", desk.heard.text))
        return read_address(plain) or self._bare_answer(desk, known)

    def _copied(self, desk: Desk) -> Address | None:
        """The default address, or that of another order of theirs."""
        text = desk.heard.folded
        if self._may_use_default and DEFAULT.search(text) and desk.customer:
            return desk.customer.address
        if not OF_ORDER.search(text) or not desk.customer_id:
            return None
        for number in desk.heard.order_numbers:
            other = desk.shop.order(number, desk.customer_id)
            if other and other.order_number != desk.text("order_number"):
                return other.address
        return None

    def _bare_answer(self, desk: Desk, known: AddressParts) -> AddressParts:
        """The one part that was asked for, given without ceremony: "Fort Worth", "76165", 杭州."""
        text = desk.said.text.strip(" .。")
        missing = known.missing
        if desk.requested != self.slot or not known or not missing or len(text) > 60:
            return AddressParts()
        if desk.said.intent not in ("", "inform", "choose_option", "affirm", "change_delivery_address", "out_of_scope"):
            return AddressParts()
        if re.fullmatch(r"[A-Z]{2}", text):
            return AddressParts(state=text)
        fits = {
            "line1": re.search(r"\d", text),
            "city": not re.search(r"\d", text),
            "state": not re.search(r"\d", text),
            "postcode": re.search(r"\d{3}", text),
        }
        return AddressParts(**{missing[0]: text}) if fits[missing[0]] else AddressParts()

    def is_missing(self, desk: Desk) -> bool:
        return bool(parts_of(desk.get(self.slot)).missing)

    def ask(self, desk: Desk) -> None:
        known = parts_of(desk.get(self.slot))
        if not known:
            desk.say("utter_ask_new_address")
            return
        parts = [wording.pick(wording.ADDRESS_PARTS[name], desk.language) for name in known.missing]
        desk.say("utter_ask_rest_of_address", parts=wording.listing(parts, desk.language))


def parts_of(slot: object) -> AddressParts:
    return AddressParts(**slot) if isinstance(slot, dict) else AddressParts()


def chosen_address(desk: Desk) -> Address:
    return Address(**asdict(parts_of(desk.get("address"))))
