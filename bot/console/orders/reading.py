"""The customer's orders as an agent sees them, with what the shop's rules allow now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_args

from sqlalchemy.orm import Session

from actions import wording
from bot.console.orders.words import PROBLEMS, Language
from knowledge.shop.policy import Operation, ShopPolicy
from knowledge.shop.shop import Shop
from knowledge.shop.types import Order, OrderLine, PaymentMethod, ProblemKind, Shipment

Json = dict[str, Any]
MOST = 20
BY_STATE: dict[str, Operation] = {
    "cancel": "cancel_order",
    "change-address": "change_order_address",
    "change-payment": "change_order_payment",
    "return": "return_items",
    "exchange": "exchange_items",
}
"""Actions that depend on the order's state: the shop's name of each."""


def orders_of(session: Session, policy: ShopPolicy, customer_id: str | None, language: Language) -> Json:
    """Newest first; empty where nobody knows who the customer is."""
    shop = Shop(session, policy)
    customer = shop.customer(customer_id) if customer_id else None
    found = shop.orders_of(customer.customer_id, limit=MOST) if customer else []
    methods = customer.payment_methods if customer else ()
    reasons = policy.cancel_order.reasons
    return {
        "orders": [shown(one, methods, policy, language) for one in found],
        "payment_methods": [{"id": one.payment_method_id, "name": wording.method(one, language)} for one in methods],
        "reasons": {"cancel": [{"code": code, "name": wording.reason(code, language)} for code in reasons]},
        "problem_kinds": [
            {"code": kind, "name": wording.pick(PROBLEMS[kind], language)} for kind in get_args(ProblemKind)
        ],
    }


def shown(order: Order, methods: Sequence[PaymentMethod], policy: ShopPolicy, language: Language) -> Json:
    currency, payable = policy.currency, payment(order, methods, policy)
    return {
        "order_number": order.order_number,
        "status": order.status.value,
        "status_name": wording.status(order.status, language),
        "placed_at": _iso(order.placed_at),
        "delivered_at": _iso(order.delivered_at),
        "total": wording.money(order.total, currency, language),
        "currency": currency,
        "lines": [_line(line, currency, language) for line in order.lines],
        "address": vars(order.address),
        "tracking": [_parcel(parcel) for parcel in order.shipments],
        "actions": [one for one in actions_for(order, policy) if payable.get(one, True)],
        "payment": payable,
    }


def payment(order: Order, methods: Sequence[PaymentMethod], policy: ShopPolicy) -> dict[str, list[str]]:
    """The customer's methods that each action allows, the likeliest first: where there is a choice, the order's own.

    An action for which there is none cannot be asked for.
    """
    original = order.original_payment_method_id
    own_first = sorted(methods, key=lambda one: one.payment_method_id != original)
    ids = [one.payment_method_id for one in own_first]
    return {
        "change-payment": [each for each in ids if each != original],
        "return": [one.payment_method_id for one in own_first if policy.return_items.refunds_to(one, original)],
        "exchange": ids,
    }


def actions_for(order: Order, policy: ShopPolicy) -> list[str]:
    """What may be asked for in the order's state; details (the time for returns …) are checked when it is asked for."""
    by_state = [
        name
        for name, operation in BY_STATE.items()
        if order.status in policy.of(operation).states and "agent" in policy.of(operation).roles
    ]
    return [*by_state, "invoice", "report-problem"]


def variants_of(session: Session, policy: ShopPolicy, order: Order, line_id: str, language: Language) -> list[Json]:
    """What a line can be exchanged for."""
    line = order.line(line_id)
    if line is None:
        return []
    found = [one for one in Shop(session, policy).variants_of(line.product_id) if one.variant_id != line.variant_id]
    return [
        {
            "variant_id": one.variant_id,
            "name": wording.options(one.options_in(language), language) or line.name(language),
            "price": wording.money(one.price, policy.currency, language),
            "is_available": one.is_available,
        }
        for one in found
    ]


def _line(line: OrderLine, currency: str, language: Language) -> Json:
    return {
        "line_id": line.line_id,
        "product_id": line.product_id,
        "name": line.name(language),
        "options": wording.options(line.options_in(language), language),
        "unit_price": wording.money(line.unit_price, currency, language),
        "quantity": line.quantity,
    }


def _parcel(parcel: Shipment) -> Json:
    return {
        "tracking_number": parcel.tracking_number,
        "carrier": parcel.carrier,
        "expected_at": _iso(parcel.expected_at),
        "delivered_at": _iso(parcel.delivered_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
