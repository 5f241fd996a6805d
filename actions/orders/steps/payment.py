"""Which payment method is charged or refunded: by name, last digits, "the original one"; a single one is taken."""

from collections.abc import Callable, Sequence

from actions import wording
from actions.choosing import Choice, choose
from actions.desk import Desk
from actions.form import Step
from actions.orders.reading.payments import Method, read_payment
from knowledge.shop.types import PaymentMethod


def any_method(desk: Desk) -> list[PaymentMethod]:
    return list(desk.customer.payment_methods) if desk.customer else []


def another_method(desk: Desk) -> list[PaymentMethod]:
    """Every method but the one that pays for the order now."""
    original = desk.order.original_payment_method_id if desk.order else None
    return [method for method in any_method(desk) if method.payment_method_id != original]


def refund_method(desk: Desk) -> list[PaymentMethod]:
    """Where the policy lets a return's refund go: the original method, a gift card, or anywhere."""
    rules = desk.shop.policy.return_items
    original = desk.order.original_payment_method_id if desk.order else None
    return [method for method in any_method(desk) if rules.refunds_to(method, original)]


class Payment(Step):
    """Fills `payment_method` with an id. `is_due` False: no money moves, the original method is written down unasked.
    `objection` is the problem with a method that is on file but not among the `allowed` ones."""

    slot = "payment_method"

    def __init__(
        self,
        allowed: Callable[[Desk], list[PaymentMethod]],
        question: str,
        is_due: Callable[[Desk], bool] = lambda _desk: True,
        is_ready: Callable[[Desk], bool] = lambda _desk: True,
        objection: str = "payment_not_possible",
    ) -> None:
        self._allowed = allowed
        self._question = question
        self._is_due = is_due
        self._is_ready = is_ready
        self._objection = objection

    def read(self, desk: Desk) -> None:
        if desk.order is None:
            return
        allowed = self._allowed(desk)
        if not allowed:
            desk.refuse("no_payment_method", is_final=True)
            return
        chosen = self._said(desk, allowed)
        if chosen:
            if desk.requested == "confirmed" and chosen == desk.get(self.slot) and not desk.said.is_yes:
                desk.acknowledge()
            desk.put(self.slot, chosen)
        elif not desk.get(self.slot) and not desk.problem and self._is_ready(desk):
            self._take_the_only_one(desk, allowed)

    def _said(self, desk: Desk, allowed: Sequence[PaymentMethod]) -> str | None:
        if desk.requested == self.slot and (picked := choose(desk.said.text, desk.choices("payment_method"))):
            return picked[0].id
        order = desk.order
        original = order.original_payment_method_id if order else None
        on_file = [_readable(method) for method in any_method(desk)]
        said = read_payment(desk.heard.text, on_file, original)
        if not said.is_said and desk.requested is None:  # it may stand in another part of the message
            said = read_payment(desk.said.whole, on_file, original)
        ids = [method.payment_method_id for method in said.methods]
        possible = [method.payment_method_id for method in allowed if method.payment_method_id in ids]
        ranked = sorted(possible, key=ids.index)
        if not ranked and said.is_said:
            desk.refuse(self._objection if ids else "payment_not_on_file")
        return ranked[0] if ranked and not self._is_ambiguous(desk, ranked) else None

    @staticmethod
    def _is_ambiguous(desk: Desk, ids: list[str]) -> bool:
        """Two cards, and only "my card" was said."""
        methods = {method.payment_method_id: method for method in any_method(desk)}
        return len(ids) > 1 and methods[ids[0]].source == methods[ids[1]].source

    def _take_the_only_one(self, desk: Desk, allowed: Sequence[PaymentMethod]) -> None:
        original = desk.order.original_payment_method_id if desk.order else None
        if not self._is_due(desk) and original:
            desk.put(self.slot, original)
        elif len(allowed) == 1:
            desk.put(self.slot, allowed[0].payment_method_id)

    def ask(self, desk: Desk) -> None:
        methods = self._allowed(desk)
        original = desk.order.original_payment_method_id if desk.order else None
        labels = [_label(method, original, desk) for method in methods]
        desk.offer(
            [
                Choice(method.payment_method_id, "payment_method", label, (method.source.replace("_", " "),))
                for method, label in zip(methods, labels, strict=True)
            ]
        )
        buttons = [
            {"title": label, "payload": wording.method(m, desk.language)}
            for m, label in zip(methods, labels, strict=True)
        ]
        desk.say(self._question, buttons, methods=wording.numbered(labels))


def method_name(desk: Desk, payment_method_id: str) -> str:
    found = desk.customer.payment_method(payment_method_id) if desk.customer else None
    return wording.method(found, desk.language) if found else payment_method_id


def _readable(method: PaymentMethod) -> Method:
    return Method(method.payment_method_id, method.source, method.brand, method.last_four)


def _label(method: PaymentMethod, original: str | None, desk: Desk) -> str:
    name = wording.method(method, desk.language)
    notes = []
    if method.payment_method_id == original:
        notes.append(wording.pick(("the original one", "原支付方式"), desk.language))
    if method.balance is not None:
        balance = wording.money(method.balance, desk.shop.policy.currency, desk.language)
        notes.append(wording.pick((f"balance {balance}", f"余额{balance}"), desk.language))
    return wording.with_note(name, notes, desk.language)
