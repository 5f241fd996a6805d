"""One customer's profile as it is now: the shop's tables live, beside them what the models said at the last fit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from knowledge.customers.features import customer_features
from knowledge.customers.shop_lines import read_customer
from knowledge.customers.transactions import day_of
from knowledge.profiles.schema import ProfileChangeRow, ProfileRow
from knowledge.shop.columns import utc_now
from knowledge.shop.schema import AuditRow, CustomerRow, LineRow, OrderRow
from knowledge.shop.shop import Shop
from knowledge.shop.types import Customer, OrderStatus

SMALLEST_GROUP = 5
"""A segment with fewer customers would point at people: it is not shown."""
LATEST_ORDERS = 5
VIEWED = "view_profile"
"""The audit's operation for looking at a profile: no change of it."""


@dataclass(frozen=True)
class Rfm:
    """What counts is what was bought and kept. Recency is None before the first purchase."""

    recency_days: float | None
    orders: int
    spend: float
    tenure_days: float | None


@dataclass(frozen=True)
class LatestOrder:
    """`total` as paid, with delivery; `items`: (English name, Chinese name, pieces)."""

    order_number: str
    status: OrderStatus
    placed_at: datetime | None
    total: Decimal
    items: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class SegmentChange:
    """`before` and `after` are None where there was none, or too few customers share it now."""

    at: datetime
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Prediction:
    """`value` as the task defines it; `reasons`: [{"code", "facts", "contribution"}], the strongest first.

    `about`: the category that it is about, if it is about one.
    """

    task: str
    value: float
    reasons: Sequence[Mapping[str, Any]]
    about: str = ""


@dataclass(frozen=True)
class Computed:
    """What the models said at the last fit."""

    at: datetime
    version: str
    segment: str | None
    """None where there is none, or too few customers share it."""
    segment_since: datetime | None
    features: Mapping[str, float]
    predictions: tuple[Prediction, ...]

    def prediction(self, task: str) -> Prediction | None:
        return next((one for one in self.predictions if one.task == task), None)


@dataclass(frozen=True)
class Profile:
    customer: Customer
    latest_orders: tuple[LatestOrder, ...]
    """Newest first."""
    rfm: Rfm
    computed: Computed | None
    """None for a customer who came after the last fit, and before the first."""
    changes: tuple[SegmentChange, ...]
    """Newest first."""


class Profiles:
    """What an action in a conversation may ask about a customer."""

    def __init__(self, session: Session, now: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._now = now

    def computed(self, customer_id: str | None) -> Computed | None:
        """What the models said at the last fit; None for somebody they don't know, and where nothing is fitted."""
        return read_computed(self._session, customer_id) if customer_id else None

    def rfm(self, customer_id: str) -> Rfm:
        return read_rfm(self._session, customer_id, self._now())


def read_profile(session: Session, shop: Shop, customer_id: str, now: datetime) -> Profile | None:
    """None for an id that is nobody's. Takes some milliseconds."""
    customer = shop.customer(customer_id)
    if customer is None:
        return None
    return Profile(
        customer,
        _latest_orders(session, customer_id),
        read_rfm(session, customer_id, now),
        read_computed(session, customer_id),
        _changes(session, customer_id),
    )


def read_rfm(session: Session, customer_id: str, now: datetime) -> Rfm:
    features = customer_features(read_customer(session, now, customer_id), day_of(now))
    if not len(features.customers):
        return Rfm(None, 0, 0.0, None)
    figures = dict(zip(features.names, features.values[0].tolist(), strict=True))
    return Rfm(figures["recency_days"], int(figures["orders"]), figures["spend"], figures["tenure_days"])


def read_computed(session: Session, customer_id: str) -> Computed | None:
    row = session.get(ProfileRow, customer_id)
    if row is None:
        return None
    is_shown = row.segment is not None and is_large_enough(session, row.segment)
    return Computed(
        row.computed_at,
        row.version,
        row.segment if is_shown else None,
        row.segment_since if is_shown else None,
        row.features,
        tuple(Prediction(one["task"], one["value"], one["reasons"], one.get("about", "")) for one in row.predictions),
    )


def is_large_enough(session: Session, segment: str) -> bool:
    """Whether so many customers share the segment that it tells nothing of one of them."""
    some = select(ProfileRow.customer_id).where(ProfileRow.segment == segment).limit(SMALLEST_GROUP).subquery()
    return session.scalar(select(func.count()).select_from(some)) == SMALLEST_GROUP


def profile_stamps(session: Session, customer_id: str) -> dict[str, Any]:
    """For each part of the profile something that changes when the part does; {} once there is no such customer."""
    customer = session.get(CustomerRow, customer_id, populate_existing=True)
    if customer is None:
        return {}
    orders = select(OrderRow.status, func.count()).where(OrderRow.customer_id == customer_id)
    audit = select(func.max(AuditRow.audit_id)).where(AuditRow.customer_id == customer_id)
    fitted = select(ProfileRow.computed_at).where(ProfileRow.customer_id == customer_id)
    return {
        "orders": sorted(tuple(row) for row in session.execute(orders.group_by(OrderRow.status))),
        "consent": (customer.newsletter_consent, customer.newsletter_consent_at),
        "loyalty": (customer.loyalty_points, customer.loyalty_tier),
        "account": session.scalar(audit.where(AuditRow.operation != VIEWED)),
        "models": session.scalar(fitted),
    }


def _latest_orders(session: Session, customer_id: str) -> tuple[LatestOrder, ...]:
    """Two statements, where whole orders would take six."""
    columns = (OrderRow.order_id, OrderRow.order_number, OrderRow.status, OrderRow.placed_at, OrderRow.shipping_fee)
    newest = (OrderRow.placed_at.desc(), OrderRow.order_id.desc())
    orders = session.execute(
        select(*columns).where(OrderRow.customer_id == customer_id).order_by(*newest).limit(LATEST_ORDERS)
    ).all()
    lines: dict[int, list[Row[int, str, str, int, Decimal]]] = {order.order_id: [] for order in orders}
    fields = (LineRow.order_id, LineRow.name_en, LineRow.name_zh, LineRow.quantity, LineRow.unit_price)
    for line in session.execute(select(*fields).where(LineRow.order_id.in_(lines)).order_by(LineRow.position)):
        lines[line.order_id].append(line)
    return tuple(
        LatestOrder(
            order.order_number,
            OrderStatus(order.status),
            order.placed_at,
            sum((line.unit_price * line.quantity for line in lines[order.order_id]), order.shipping_fee),
            tuple((line.name_en, line.name_zh, line.quantity) for line in lines[order.order_id]),
        )
        for order in orders
    )


def _changes(session: Session, customer_id: str) -> tuple[SegmentChange, ...]:
    query = (
        select(ProfileChangeRow)
        .where(ProfileChangeRow.customer_id == customer_id)
        .order_by(ProfileChangeRow.change_id.desc())
        .limit(12)
    )
    rows = session.scalars(query).all()
    codes = {code for row in rows for code in (row.before, row.after) if code is not None}
    shown = {code for code in codes if is_large_enough(session, code)}
    return tuple(
        SegmentChange(row.at, *(code if code in shown else None for code in (row.before, row.after))) for row in rows
    )
