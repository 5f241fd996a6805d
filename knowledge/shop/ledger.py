"""What every operation shares: who may do it, doing it once, writing down that it was done, and moving the money."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, cast, get_args

from sqlalchemy.orm import Session

from knowledge.shop.columns import utc_now
from knowledge.shop.errors import RefusalCode, Refused
from knowledge.shop.policy import Role, ShopPolicy, load_policy
from knowledge.shop.schema import AuditRow, CustomerRow, IdempotencyRow, OrderRow, PaymentMethodRow, PaymentRow
from knowledge.shop.types import Fact, MoneyMove, PaymentSource, Receipt


@dataclass(frozen=True)
class Plan:
    """An operation that passed every check: what it will say, and the writing itself, not done yet."""

    apply: Callable[[], Mapping[str, Fact] | None]
    """Writes; may return further facts that only the writing brings to light (a ticket's number)."""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    money: tuple[MoneyMove, ...] = ()
    order_number: str | None = None
    customer_id: str | None = None


class Ledger:
    """A session, the rules and a clock. The topics (orders, customers …) build on it.

    `before_write` is called before an operation looks at what it is going to change.
    """

    def __init__(
        self,
        session: Session,
        policy: ShopPolicy | None = None,
        now: Callable[[], datetime] = utc_now,
        before_write: Callable[[], None] = lambda: None,
    ) -> None:
        self._session = session
        self._policy = policy
        self._now = now
        self._before_write = before_write
        self._is_writing = False
        """Whether the operation in hand is no preview: only then is anything locked."""

    @property
    def now(self) -> datetime:
        return self._now()

    @property
    def policy(self) -> ShopPolicy:
        if self._policy is None:
            self._policy = load_policy(self._session)
        return self._policy

    def _perform(
        self, operation: str, key: str, actor: str, plan: Callable[[], Plan], *, roles: frozenset[Role], dry_run: bool
    ) -> Receipt:
        """Check, then write once: the operation's rows, its audit row and its receipt under `key`."""
        self._is_writing = not dry_run
        if not dry_run:
            self._before_write()
            if first := self._first_receipt(operation, key):
                return first
        if role_of(actor) not in roles | {"system"}:
            raise Refused(RefusalCode.NOT_ALLOWED_BY_POLICY, operation=operation, role=role_of(actor))
        planned = plan()
        receipt = Receipt(
            operation=operation,
            order_number=planned.order_number,
            customer_id=planned.customer_id,
            facts=planned.facts,
            money=planned.money,
            created=not dry_run,
            is_preview=dry_run,
        )
        if dry_run:
            return receipt
        receipt = replace(receipt, facts={**receipt.facts, **(planned.apply() or {})})
        self._write_down(receipt, key, actor)
        return receipt

    def _first_receipt(self, operation: str, key: str) -> Receipt | None:
        if not key:
            raise ValueError(f"{operation} needs a key: the same request sent twice must be done once")
        row = self._session.get(IdempotencyRow, key)
        if row is None:
            return None
        if row.operation != operation:
            raise ValueError(f"The key of this {operation} was already used for {row.operation}")
        return _receipt_from(row.receipt)

    def _write_down(self, receipt: Receipt, key: str, actor: str) -> None:
        now = self._now()
        stored = _stored(receipt)
        audit = AuditRow(
            at=now,
            actor=actor,
            operation=receipt.operation,
            customer_id=receipt.customer_id,
            order_number=receipt.order_number,
            key=key,
            details={"facts": stored["facts"], "money": stored["money"]},
        )
        self._session.add_all([audit, IdempotencyRow(key=key, operation=receipt.operation, receipt=stored, at=now)])
        self._session.flush()

    def _own_customer(self, customer_id: str, actor: str) -> CustomerRow:
        """The customer, if the actor may act for them; a stranger's profile looks like none."""
        row = self._session.get(CustomerRow, customer_id)
        if row is None or not may_act_for(actor, customer_id):
            raise Refused(RefusalCode.CUSTOMER_NOT_FOUND)
        return row

    def _method(self, customer: CustomerRow, payment_method_id: str) -> PaymentMethodRow:
        for method in customer.payment_methods:
            if method.payment_method_id == payment_method_id:
                return method
        raise Refused(RefusalCode.PAYMENT_METHOD_UNKNOWN, payment_method_id=payment_method_id)

    def _move(
        self, direction: Literal["refund", "charge"], amount: Decimal, method: PaymentMethodRow
    ) -> tuple[MoneyMove, ...]:
        """The money move to tell about; none for nothing."""
        if not amount:
            return ()
        source = cast("PaymentSource", method.source)
        days = self.policy.refund_days_of(source) if direction == "refund" else (0, 0)
        return (MoneyMove(direction, amount, method.payment_method_id, source, *days),)

    def _settle(self, order: OrderRow, kind: str, amount: Decimal, method: PaymentMethodRow) -> None:
        """Add to the payment history, and move a gift card's balance at once."""
        order.payments.append(
            PaymentRow(kind=kind, amount=amount, payment_method_id=method.payment_method_id, at=self._now())
        )
        if method.balance is not None:
            method.balance += amount if kind == "refund" else -amount


def need_balance(method: PaymentMethodRow, needed: Decimal) -> None:
    """Refuse when a gift card does not hold what it has to pay."""
    if method.balance is not None and method.balance < needed:
        raise Refused(
            RefusalCode.GIFT_CARD_TOO_LOW,
            payment_method_id=method.payment_method_id,
            balance=str(method.balance),
            needed=str(needed),
        )


def role_of(actor: str) -> Role:
    role = actor.partition(":")[0]
    if role not in get_args(Role):
        raise ValueError(f"actor must be <role>:<id> with a role of {', '.join(get_args(Role))}; its role is {role!r}")
    return cast("Role", role)


def may_act_for(actor: str, customer_id: str) -> bool:
    """A customer acts for nobody but themselves."""
    return role_of(actor) != "customer" or actor.partition(":")[2] == customer_id


def _stored(receipt: Receipt) -> dict[str, Any]:
    return {
        "operation": receipt.operation,
        "order_number": receipt.order_number,
        "customer_id": receipt.customer_id,
        "facts": dict(receipt.facts),
        "money": [{**vars(move), "amount": str(move.amount)} for move in receipt.money],
    }


def _receipt_from(stored: dict[str, Any]) -> Receipt:
    money = tuple(MoneyMove(**{**move, "amount": Decimal(move["amount"])}) for move in stored["money"])
    return Receipt(**{**stored, "money": money}, created=False)
