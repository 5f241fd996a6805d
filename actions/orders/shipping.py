"""Where a parcel is, in words."""

from datetime import datetime

from actions import wording
from actions.base import Language
from knowledge.shop.types import Order, Shipment


def latest_news(order: Order, language: Language, now: datetime) -> str:
    """ "on its way · in transit, Denver (November 18) · expected November 21" """
    parts = [wording.status(order.status, language)]
    for shipment in order.shipments[-1:]:
        if shipment.events:
            parts.append(_event(shipment, language, now))
        if expected := _still_expected(shipment):
            day = wording.date(expected, language, now)
            parts.append(wording.pick((f"expected {day}", f"预计{day}送达"), language))
    return " · ".join(parts)


def tracking_history(shipment: Shipment, language: Language, now: datetime, limit: int = 5) -> list[str]:
    """The latest steps, newest first."""
    rows = []
    for event in reversed(shipment.events[-limit:]):
        place = f" · {event.location}" if event.location else ""
        rows.append(f"• {wording.date(event.at, language, now)} {wording.tracking(event.code, language)}{place}")
    return rows


def parcel_name(shipment: Shipment, language: Language) -> str:
    """ "UPS, tracking number 1Z999" """
    number = wording.pick((f"tracking number {shipment.tracking_number}", f"单号{shipment.tracking_number}"), language)
    return wording.pick((", ", "，"), language).join(filter(None, [shipment.carrier, number]))


def _event(shipment: Shipment, language: Language, now: datetime) -> str:
    event = shipment.events[-1]
    place = f" {event.location}" if event.location else ""
    day = wording.date(event.at, language, now)
    return wording.tracking(event.code, language) + wording.pick((f",{place} ({day})", f"{place}（{day}）"), language)


def _still_expected(shipment: Shipment) -> datetime | None:
    return None if shipment.delivered_at else shipment.expected_at
