"""The new address: in one line, in pieces, only the flat's number, "my default address", "the one of order #W…"."""

import re
from collections.abc import Callable
from dataclasses import asdict, replace

from actions import wording
from actions.consent import NO, YES
from actions.desk import Desk
from actions.form import Step
from actions.orders.reading.addresses import AddressParts, from_entity, read_address
from actions.orders.reading.regions import is_state
from actions.said import EMAIL, ORDER_NUMBER
from actions.words import fold, is_chinese
from knowledge.shop.types import Address

DEFAULT = re.compile(
    r"(?<![a-z])(?:default|profile|home|usual|registered|account|on file|saved)(?: \w+)? ?(?:address|one)|"
    r"(?<![a-z])address on (?:my )?(?:file|profile|account)|默认(?:的)?(?:收货)?地址|账户(?:里的|"
    r"上的)?地址|常用地址"
)
OF_ORDER = re.compile(
    r"(?<![a-z])(?:same|like (?:in|on|for)|to (?:the|that)(?: \w+)? address (?:of|in|from|on|for)|"
    r"address (?:from|in|on) (?:my )?(?:other )?order)(?![a-z])|一样|相同|一致|单?(?:里|上)?的(?:收货)?地址"
)
""""The same address as order #W2"."""
HOUSE_NUMBER = re.compile(
    r"(?:^|[是,，改为])\s*(?P<zh>\d{1,5})号(?![楼院线])|(?<![a-z])(?:(?:house )?number|it's|it is|that's|should be)"
    r" (?P<en>\d{1,5}[a-z]?)(?![\d/]| \w+ (?:st|street|ave|road))"
)


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
        found = AddressParts()
        for text in [*(desk.get("unread") or []), desk.said.text]:  # one by one: each is a sentence of its own
            found = _without_proof(desk, read_address(_bare(text))).over(found)
        for details in desk.said.details("address"):
            entity = _without_proof(desk, from_entity(details))
            found = found.over(entity) if is_chinese(desk.said.text) else entity.over(found)
        return found or _other_number(desk.said.folded, known) or self._bare_answer(desk, known)

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
        if is_state(text) and "state" in missing:
            return AddressParts(state=text)
        fits = {
            "line1": re.search(r"\d", text),
            "city": not re.search(r"\d", text) and not desk.said.is_yes,
            "state": is_state(text),
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


def _bare(text: str) -> str:
    """Without what is no address: the order's number, an e-mail, the yes or no it begins with."""
    plain = text.strip()
    if opening := YES.match(fold(plain)) or NO.match(fold(plain)):
        plain = plain[opening.end() :]
    return ORDER_NUMBER.sub(" ", EMAIL.sub(" ", plain)).lstrip(" ,，.。")


def _other_number(folded: str, known: AddressParts) -> AddressParts:
    """ "No, number 12": the same street."""
    said = HOUSE_NUMBER.search(folded)
    had = re.search(r"\d+(?=号)" if is_chinese(known.line1) else r"^\d+[A-Za-z]?(?= )", known.line1)
    if not said or not had:
        return AddressParts()
    return AddressParts(line1=known.line1[: had.start()] + (said["zh"] or said["en"]) + known.line1[had.end() :])


def _without_proof(desk: Desk, parts: AddressParts) -> AddressParts:
    """A postcode that was given beside a name says who they are, not where to send it."""
    is_proof = "customer_id" in desk.changed and desk.get("person_name") and not desk.get("email")
    if is_proof and not parts.line1 and parts.postcode == desk.text("postcode"):
        return replace(parts, postcode="", city="", state="")
    return parts


def parts_of(slot: object) -> AddressParts:
    return AddressParts(**slot) if isinstance(slot, dict) else AddressParts()


def chosen_address(desk: Desk) -> Address:
    return Address(**asdict(parts_of(desk.get("address"))))
