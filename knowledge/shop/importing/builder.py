"""Accepted records → rows of the shop's tables."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from knowledge.shop.folding import digits_of, email_key, order_number_key, postcode_key
from knowledge.shop.importing.records import CustomerRecord, LineRecord, OrderRecord, ProductRecord, VariantRecord
from knowledge.shop.importing.references import Known
from knowledge.shop.policy import ShopPolicy
from knowledge.shop.schema import (
    Base,
    CustomerRow,
    LineRow,
    OrderRow,
    PaymentMethodRow,
    PaymentRow,
    ProductRow,
    ShipmentRow,
    VariantRow,
)
from knowledge.shop.types import OrderStatus

Row = dict[str, Any]
NO_ADDRESS = dict.fromkeys(("line1", "line2", "city", "state", "postcode", "country"), "")


class Builder:
    """Collects rows by table; `time_zone` is that of times that name none."""

    def __init__(self, known: Known, policy: ShopPolicy, time_zone: tzinfo) -> None:
        self._known = known
        self._policy = policy
        self._time_zone = time_zone
        self.rows: dict[type[Base], list[Row]] = defaultdict(list)

    def customer(self, record: CustomerRecord) -> None:
        consent = record.newsletter_consent
        self.rows[CustomerRow].append(
            {
                **record.model_dump(include={"customer_id", "email", "first_name", "last_name", "phone", "locale"}),
                "email_key": email_key(record.email),
                "postcode_key": postcode_key(record.postcode) if record.postcode else None,
                "address": record.address,
                "loyalty_points": record.loyalty_points,
                "loyalty_tier": self._policy.loyalty.tier_of(record.loyalty_points),
                "newsletter_consent": consent,
                "newsletter_consent_at": self._time(record.created_at) if consent else None,
                "created_at": self._time(record.created_at),
            }
        )
        if record.gift_card_balance is not None:
            self._payment_method(record.customer_id, "gift_card", None, None, record.gift_card_balance)

    def product(self, record: ProductRecord) -> None:
        self.rows[ProductRow].append(
            {**record.model_dump(), "name_zh": record.name_zh or record.name_en, "options": []}
        )

    def variant(self, record: VariantRecord, position: int) -> None:
        row = record.model_dump(include={"variant_id", "product_id", "price", "options", "stock"})
        self.rows[VariantRow].append({**row, "position": position, "is_on_sale": record.on_sale})

    def order(self, record: OrderRecord, lines: Sequence[LineRecord]) -> None:
        order_id = self._known.last_order_id = self._known.last_order_id + 1
        number = order_number_key(record.order_number)
        line_rows = [self._line(order_id, number, *numbered) for numbered in enumerate(lines, 1)]
        method = self._payment_method(
            record.customer_id, record.payment_method, record.payment_brand, record.payment_last_four, None
        )
        self.rows[LineRow] += line_rows
        self.rows[OrderRow].append(self._order(order_id, number, record))
        worth = sum((line["unit_price"] * line["quantity"] for line in line_rows), record.shipping_fee)
        self._pay(order_id, "payment", worth if record.amount_paid is None else record.amount_paid, method, record)
        self._pay(order_id, "refund", record.amount_refunded, method, record)
        if record.tracking_number or record.shipped_at:
            self._shipment(order_id, record, [line["line_id"] for line in line_rows])

    def _order(self, order_id: int, number: str, record: OrderRecord) -> Row:
        given = {"order_number", "customer_id", "shipping_fee", "cancel_reason", "coupon_code"}
        return {
            **record.model_dump(include=given),
            "order_id": order_id,
            "number_key": number,
            "number_digits": digits_of(number),
            "status": record.status.value,
            "placed_at": self._time(record.placed_at),
            "delivered_at": self._time(record.delivered_at),
            "address": record.address or self._known.addresses[record.customer_id] or NO_ADDRESS,
            "item_changes": int(record.status == OrderStatus.PENDING_ITEM_MODIFIED),
            "status_history": self._history(record),
        }

    def _history(self, record: OrderRecord) -> list[Row]:
        """The steps whose time is known, and the state it is in."""
        steps = [
            (OrderStatus.PENDING, record.placed_at),
            (OrderStatus.SHIPPED, record.shipped_at),
            (OrderStatus.DELIVERED, record.delivered_at),
        ]
        known = [(status, at) for status, at in steps if at is not None]
        if record.status != known[-1][0]:
            known.append((record.status, known[-1][1]))
        return [{"status": status.value, "at": self._aware(at).isoformat()} for status, at in known]

    def _line(self, order_id: int, number: str, position: int, record: LineRecord) -> Row:
        variant = self._known.variants[record.variant_id]
        name_en, name_zh = self._known.products[variant.product_id]
        return {
            "line_id": f"{number}-{position}",
            "order_id": order_id,
            "position": position,
            "product_id": variant.product_id,
            "variant_id": record.variant_id,
            "name_en": name_en,
            "name_zh": name_zh,
            "options": variant.options,
            "options_zh": variant.options_zh,
            "unit_price": variant.price if record.unit_price is None else record.unit_price,
            "quantity": record.quantity,
        }

    def _payment_method(
        self, customer_id: str, source: str, brand: str | None, last_four: str | None, balance: Decimal | None
    ) -> str:
        """The customer's method of that kind, made the first time it is met."""
        method_id = "_".join(part for part in (source, customer_id, last_four) if part)
        if method_id not in self._known.payment_methods:
            self._known.payment_methods.add(method_id)
            self.rows[PaymentMethodRow].append(
                {
                    "payment_method_id": method_id,
                    "customer_id": customer_id,
                    "source": source,
                    "brand": brand,
                    "last_four": last_four,
                    "balance": balance if balance is not None or source != "gift_card" else Decimal(0),
                }
            )
        return method_id

    def _pay(self, order_id: int, kind: str, amount: Decimal, method: str, record: OrderRecord) -> None:
        if amount:
            row = {"order_id": order_id, "kind": kind, "amount": amount, "payment_method_id": method}
            self.rows[PaymentRow].append({**row, "at": self._time(record.placed_at) if kind == "payment" else None})

    def _shipment(self, order_id: int, record: OrderRecord, line_ids: list[str]) -> None:
        self.rows[ShipmentRow].append(
            {
                "order_id": order_id,
                "tracking_number": record.tracking_number or "",
                "carrier": record.carrier,
                "line_ids": line_ids,
                "shipped_at": self._time(record.shipped_at),
                "expected_at": self._time(record.expected_at),
                "delivered_at": self._time(record.delivered_at),
                "events": [],
            }
        )

    def _time(self, moment: datetime | None) -> datetime | None:
        return None if moment is None else self._aware(moment)

    def _aware(self, moment: datetime) -> datetime:
        return moment.replace(tzinfo=self._time_zone) if moment.tzinfo is None else moment


def merge_options(existing: Sequence[Row], variants: Iterable[tuple[dict[str, str], dict[str, str]]]) -> list[Row]:
    """A product's options with the values of further variants, each given in English and in Chinese."""
    merged = {option["name"]: dict(zip(option["values"], option["values_zh"], strict=True)) for option in existing}
    names_zh = {option["name"]: option["name_zh"] for option in existing}
    for options, options_zh in variants:
        translated = list(options_zh.items()) if len(options_zh) == len(options) else list(options.items())
        for (name, value), (name_zh, value_zh) in zip(options.items(), translated, strict=True):
            names_zh.setdefault(name, name_zh)
            merged.setdefault(name, {}).setdefault(value, value_zh)
    return [
        {"name": name, "name_zh": names_zh[name], "values": list(values), "values_zh": list(values.values())}
        for name, values in merged.items()
    ]
