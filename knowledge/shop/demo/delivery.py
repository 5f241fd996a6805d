"""What has become of an order by today: its state and history, its parcel, and perhaps a return."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from knowledge.shop.demo import Row
from knowledge.shop.types import OrderStatus

CARRIERS = {
    "USA": ("UPS", "FedEx", "USPS"),
    "Canada": ("Canada Post", "UPS"),
    "UK": ("Royal Mail", "DHL"),
    "中国": ("顺丰速运", "中通快递", "京东物流"),
}
WAREHOUSES = {"USA": "Reno, NV", "Canada": "Calgary, AB", "UK": "Birmingham", "中国": "嘉兴分拨中心"}
CANCELLED_SHARE = 0.04
MODIFIED_SHARE = 0.06
LATE_SHARE = 0.03
RETURNED_SHARE = 0.05
EXCHANGED_SHARE = 0.025


@dataclass
class Fate:
    """An order's life so far. `history` holds (status, since), oldest first; times that are None have not come."""

    history: list[tuple[OrderStatus, datetime]]
    shipped_at: datetime | None = None
    expected_at: datetime | None = None
    delivered_at: datetime | None = None
    events: list[Row] = field(default_factory=list)
    requested_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def status(self) -> OrderStatus:
        return self.history[-1][0]


def fate_of(random: Random, placed_at: datetime, now: datetime, country: str, city: str) -> Fate:
    fate = Fate([(OrderStatus.PENDING, placed_at)])
    processed_at = placed_at + _hours(random, 20, 60)
    if random.random() < CANCELLED_SHARE:
        cancelled_at = placed_at + (min(processed_at, now) - placed_at) * random.random()
        fate.history.append((OrderStatus.CANCELLED, cancelled_at))
        return fate
    if now < processed_at:
        if random.random() < MODIFIED_SHARE:
            changed_at = placed_at + (now - placed_at) * random.random()
            fate.history.append((OrderStatus.PENDING_ITEM_MODIFIED, changed_at))
        return fate
    fate.history.append((OrderStatus.PROCESSED, processed_at))
    shipped_at = processed_at + _hours(random, 8, 30)
    if now < shipped_at:
        return fate
    _ship(random, fate, shipped_at, now, country, city)
    if fate.delivered_at is not None:
        _maybe_send_back(random, fate, fate.delivered_at, now)
    return fate


def _ship(random: Random, fate: Fate, shipped_at: datetime, now: datetime, country: str, city: str) -> None:
    fate.shipped_at = shipped_at
    fate.expected_at = shipped_at + timedelta(days=5)
    fate.history.append((OrderStatus.SHIPPED, shipped_at))
    late = _hours(random, 72, 200) if random.random() < LATE_SHARE else timedelta()
    delivered_at = shipped_at + _hours(random, 36, 115) + late
    warehouse = WAREHOUSES[country]
    steps = [
        (shipped_at - timedelta(hours=3), "label_created", warehouse),
        (shipped_at, "picked_up", warehouse),
        (shipped_at + (delivered_at - shipped_at) * 0.5, "in_transit", warehouse),
        *([(fate.expected_at, "delayed", city)] if delivered_at > fate.expected_at else []),
        (delivered_at - timedelta(hours=5), "out_for_delivery", city),
        (delivered_at, "delivered", city),
    ]
    fate.events = [
        {"at": at.isoformat(), "code": code, "location": location} for at, code, location in sorted(steps) if at <= now
    ]
    if delivered_at <= now:
        fate.delivered_at = delivered_at
        fate.history.append((OrderStatus.DELIVERED, delivered_at))


def _maybe_send_back(random: Random, fate: Fate, delivered_at: datetime, now: datetime) -> None:
    roll = random.random()
    requested_at = delivered_at + _hours(random, 10, 400)
    if roll > RETURNED_SHARE + EXCHANGED_SHARE or requested_at > now:
        return
    is_return = roll < RETURNED_SHARE
    fate.requested_at = requested_at
    requested = OrderStatus.RETURN_REQUESTED if is_return else OrderStatus.EXCHANGE_REQUESTED
    fate.history.append((requested, requested_at))
    arrived_at = requested_at + _hours(random, 96, 260)
    if arrived_at > now:
        return
    fate.completed_at = arrived_at
    fate.history.append((OrderStatus.RETURNED if is_return else OrderStatus.EXCHANGED, arrived_at))
    refunded_at = arrived_at + _hours(random, 120, 170)
    if is_return and refunded_at <= now:
        fate.history.append((OrderStatus.REFUNDED, refunded_at))


def _hours(random: Random, least: float, most: float) -> timedelta:
    return timedelta(seconds=round(random.uniform(least, most) * 3600))
