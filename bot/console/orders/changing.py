"""What an agent does with an order: the shop's own operations, under the agent's name, each once."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, Field

from bot.console import audit
from bot.console.orders import words
from bot.console.orders.words import Language
from bot.console.person import Person
from bot.conversation.sql import Statement
from bot.database import UnitOfWork
from bot.problem import Problem
from knowledge.shop.errors import Refused
from knowledge.shop.policy import ShopPolicy
from knowledge.shop.shop import Shop
from knowledge.shop.types import Address, ItemChange, Order, ProblemKind, Receipt

Action = Literal["cancel", "change-address", "change-payment", "return", "exchange", "invoice", "report-problem"]

_CUSTOMER = Statement("SELECT customer_id FROM conversations WHERE id = :id")


class AddressForm(BaseModel):
    line1: str = Field(max_length=200)
    line2: str = Field(default="", max_length=200)
    city: str = Field(max_length=100)
    state: str = Field(default="", max_length=100)
    postcode: str = Field(max_length=20)
    country: str = Field(max_length=60)


class OrderForm(BaseModel):
    """`dry_run`: only say what would be done. `key` is the client's own: the same one does nothing twice."""

    dry_run: bool = True
    key: str = Field(min_length=8, max_length=100)
    reason: str = ""
    address: AddressForm | None = None
    payment_method_id: str = ""
    line_ids: list[str] = []
    line_id: str = ""
    new_variant_id: str = ""
    title: str | None = Field(default=None, max_length=200)
    tax_number: str | None = Field(default=None, max_length=60)
    kind: ProblemKind = "other"
    description: str = Field(default="", max_length=2000)


@dataclass(frozen=True)
class Wish:
    """One thing to do with one order, and by whom."""

    order: Order
    action: Action
    form: OrderForm
    person: Person

    @property
    def how(self) -> dict[str, Any]:
        role = "admin" if self.person.role == "admin" else "agent"
        key = f"console:{self.person.id}:{self.form.key}"
        return {"key": key, "actor": f"{role}:{self.person.id}", "dry_run": self.form.dry_run}


def do(
    unit: UnitOfWork,
    policy: ShopPolicy,
    conversation_id: str,
    number: str,
    wish: Callable[[Order], Wish],
    language: Language,
) -> dict[str, Any]:
    """Do it, or say what would be done. Raises Problem 404 for an order that is not this customer's, 422 where the
    shop's rules refuse it."""
    shop = Shop(unit.session, policy, before_write=unit.begin_writing)
    row = _CUSTOMER.first(unit.connection, {"id": conversation_id})
    order = shop.order(number, row[0]) if row and row[0] else None
    if order is None:
        raise Problem(404, "Not found", f"This conversation's customer has no order {number}.")
    asked = wish(order)
    try:
        receipt = _operate(shop, asked)
    except Refused as refusal:
        raise Problem(422, "Refused", words.refused(refusal, language)) from None
    if receipt.created:
        told = {"order_number": receipt.order_number, "deed": receipt.operation}
        audit.write(unit.connection, asked.person, "order", conversation_id, time.time(), **told)
    customer = shop.customer(order.customer_id)
    return {
        "is_preview": receipt.is_preview,
        "sentences": words.told(receipt, policy.currency, language),
        "money": [words.moved(move, customer, policy.currency, language) for move in receipt.money],
        "facts": dict(receipt.facts),
    }


def _operate(shop: Shop, wish: Wish) -> Receipt:
    number, form = wish.order.order_number, wish.form
    if wish.action == "cancel":
        return shop.cancel_order(number, form.reason, **wish.how)
    if wish.action == "change-address":
        return shop.change_order_address(number, _address(form), **wish.how)
    if wish.action == "change-payment":
        return shop.change_order_payment(number, form.payment_method_id, **wish.how)
    if wish.action == "return":
        return shop.return_items(number, form.line_ids, form.payment_method_id, **wish.how)
    if wish.action == "exchange":
        changes = [ItemChange(form.line_id, form.new_variant_id)]
        return shop.exchange_items(number, changes, form.payment_method_id, **wish.how)
    if wish.action == "invoice":
        return shop.request_invoice(number, title=form.title, tax_number=form.tax_number, **wish.how)
    return shop.report_problem(number, form.kind, line_ids=form.line_ids, description=form.description, **wish.how)


def _address(form: OrderForm) -> Address:
    if form.address is None:
        raise Problem(422, "Unprocessable request", "address: say where the order shall go.")
    return Address(**form.address.model_dump())
