"""shop.yml → rows of a real database, with every date relative to now."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product as combinations
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from knowledge.profiles.schema import ProfileRow
from knowledge.shop.folding import digits_of, email_key, order_number_key, postcode_key
from knowledge.shop.rows import options_in_chinese
from knowledge.shop.schema import (
    CouponRow,
    CustomerRow,
    LineRow,
    OrderRow,
    PaymentMethodRow,
    PaymentRow,
    ProductRow,
    ReturnRow,
    ShipmentRow,
    VariantRow,
)

SHOP = Path(__file__).parent / "shop.yml"
ADDRESS_PARTS = ("line1", "line2", "city", "state", "postcode", "country")

Described = Mapping[str, Any]
"""One entry of shop.yml."""


def fill(session: Session) -> None:
    """The whole of shop.yml into an empty database. Does not commit."""
    described = yaml.safe_load(SHOP.read_text("utf-8"))
    now = datetime.now(UTC)
    for product_id, product in described["products"].items():
        _add_product(session, product_id, product)
    for customer_id, customer in described["customers"].items():
        _add_customer(session, customer_id, customer, now)
    session.flush()
    for number, order in described["orders"].items():
        _add_order(session, number, order, now)
    for code, coupon in described["coupons"].items():
        _add_coupon(session, code, coupon, now)
    session.flush()


def _add_product(session: Session, product_id: str, product: Described) -> None:
    options = product["options"]
    row = ProductRow(
        product_id=product_id,
        name_en=product["names"][0],
        name_zh=product["names"][1],
        description_en="Well made and good value.",
        description_zh="做工扎实，实用耐看。",
        category=product["category"],
        warranty_months=product.get("warranty_months"),
        options=[
            {"name": name, "name_zh": of["zh"], "values": list(of["values"]), "values_zh": list(of["values"].values())}
            for name, of in options.items()
        ],
    )
    for position, values in enumerate(combinations(*(of["values"] for of in options.values()))):
        variant_id = "-".join([product_id, *values])
        steps = (
            of.get("step", 0) * list(of["values"]).index(v) for of, v in zip(options.values(), values, strict=True)
        )
        row.variants.append(
            VariantRow(
                variant_id=variant_id,
                position=position,
                options=dict(zip(options, values, strict=True)),
                price=Decimal(str(product["price"] + sum(steps))),
                stock=0 if variant_id in product.get("sold_out", ()) else 20,
            )
        )
    session.add(row)


def _add_customer(session: Session, customer_id: str, customer: Described, now: datetime) -> None:
    address = dict(zip(ADDRESS_PARTS, customer["address"], strict=True))
    consent = customer.get("newsletter", False)
    row = CustomerRow(
        customer_id=customer_id,
        email=customer["email"],
        email_key=email_key(customer["email"]),
        first_name=customer["name"][0],
        last_name=customer["name"][1],
        phone=customer.get("phone"),
        locale=customer.get("locale", "en"),
        address=address,
        postcode_key=postcode_key(address["postcode"]),
        loyalty_points=customer["points"],
        loyalty_tier=customer.get("tier", "basic"),
        newsletter_consent=consent,
        newsletter_consent_at=now - timedelta(days=200) if consent else None,
        created_at=now - timedelta(days=400),
    )
    for position, (method_id, method) in enumerate(customer["pays"].items()):
        balance = Decimal(str(method["balance"])) if "balance" in method else None
        known = {name: method.get(name) for name in ("source", "brand", "last_four")}
        row.payment_methods.append(
            PaymentMethodRow(payment_method_id=method_id, position=position, balance=balance, **known)
        )
    session.add(row)
    if profile := customer.get("profile"):
        predictions = [{"task": "churn", "value": profile["churn"], "reasons": []}]
        features = {"spend_rank": profile["spend_rank"]}
        known = {"computed_at": now, "version": "v1", "features": features, "predictions": predictions}
        session.add(ProfileRow(customer_id=customer_id, **known))


def _add_order(session: Session, number: str, order: Described, now: datetime) -> None:
    def ago(days: int | None) -> datetime | None:
        return None if days is None else now - timedelta(days=days)

    key = order_number_key(number)
    lines = [_line(session, key, position, text) for position, text in enumerate(order["lines"], start=1)]
    total = sum((line.unit_price * line.quantity for line in lines), Decimal(0))
    customer = session.get_one(CustomerRow, order["customer"])
    kinds = ["payment", "refund"] if order.get("refunded") else ["payment"]
    row = OrderRow(
        order_number=number,
        number_key=key,
        number_digits=digits_of(number),
        customer_id=order["customer"],
        status=order["status"],
        placed_at=ago(order["placed"]),
        delivered_at=ago(order.get("delivered")),
        address=customer.address or {},
        cancel_reason="no_longer_needed" if order["status"] == "cancelled" else None,
        lines=lines,
        payments=[
            PaymentRow(kind=kind, amount=total, payment_method_id=order["paid"], at=ago(order["placed"]))
            for kind in kinds
        ],
    )
    if order["status"] not in ("pending", "processed", "cancelled"):
        row.shipments.append(_parcel(order, lines, now))
    if order["status"] == "return requested":
        row.returns.append(_return(order, lines, total, now))
    session.add(row)
    session.flush()


def _line(session: Session, key: str, position: int, text: str) -> LineRow:
    variant_id, _, quantity = text.partition(" ")
    variant = session.get_one(VariantRow, variant_id)
    return LineRow(
        line_id=f"{key}-{position}",
        position=position,
        product_id=variant.product_id,
        variant_id=variant_id,
        name_en=variant.product.name_en,
        name_zh=variant.product.name_zh,
        options=variant.options,
        options_zh=options_in_chinese(variant.product, variant.options),
        unit_price=variant.price,
        quantity=int(quantity or 1),
    )


def _parcel(order: Described, lines: list[LineRow], now: datetime) -> ShipmentRow:
    carrier, tracking_number, place = order.get("parcel", ["UPS", "1Z999AA10000000000", "Memphis"])
    delivered = now - timedelta(days=order["delivered"]) if "delivered" in order else None
    last_seen = delivered or now - timedelta(hours=6)
    return ShipmentRow(
        tracking_number=tracking_number,
        carrier=carrier,
        line_ids=[line.line_id for line in lines],
        shipped_at=now - timedelta(days=order["placed"] - 1),
        expected_at=now - timedelta(days=order["expected"]) if "expected" in order else delivered,
        delivered_at=delivered,
        events=[
            {"at": (last_seen - timedelta(days=1)).isoformat(), "code": "picked_up", "location": ""},
            {"at": last_seen.isoformat(), "code": "delivered" if delivered else "in_transit", "location": place},
        ],
    )


def _return(order: Described, lines: list[LineRow], total: Decimal, now: datetime) -> ReturnRow:
    return ReturnRow(
        kind="return",
        items=[{"line_id": line.line_id, "variant_id": line.variant_id, "quantity": line.quantity} for line in lines],
        payment_method_id=order["paid"],
        amount=total,
        requested_at=now - timedelta(days=2),
    )


def _add_coupon(session: Session, code: str, coupon: Described, now: datetime) -> None:
    session.add(
        CouponRow(
            code=code,
            percent_off=coupon["percent_off"],
            category=coupon.get("category"),
            starts_at=now + timedelta(days=coupon["from"]),
            ends_at=now + timedelta(days=coupon["until"]),
        )
    )
