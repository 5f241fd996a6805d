"""The shop's tables.

    customers ──< payment_methods        products ──< variants
        └──< orders ──< order_lines, payments, shipments, returns
    coupons, tickets, audit, idempotency_keys, wrong_proofs, shop_settings

Ids are the shop's own (an import keeps them); `*_key` columns hold a folded form to look things up by (folding.py).
What is only ever read with its parent (tracking events, status history, addresses) is JSON in it.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from knowledge.shop.columns import Money, UtcDateTime

Id = String(64)
JsonObject = dict[str, Any]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy reads it as a plain class attribute)
        Decimal: Money,
        datetime: UtcDateTime,
        dict[str, str]: JSON,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[JsonObject]: JSON,
    }


class CustomerRow(Base):
    __tablename__ = "customers"

    customer_id: Mapped[str] = mapped_column(Id, primary_key=True)
    email: Mapped[str] = mapped_column(String(320))
    email_key: Mapped[str] = mapped_column(String(320), unique=True)
    first_name: Mapped[str] = mapped_column(String(120))
    last_name: Mapped[str] = mapped_column(String(120))
    postcode_key: Mapped[str | None] = mapped_column(String(32), index=True)
    phone: Mapped[str | None] = mapped_column(String(40))
    locale: Mapped[str] = mapped_column(String(8), default="en")
    address: Mapped[dict[str, str] | None]
    loyalty_points: Mapped[int] = mapped_column(default=0)
    loyalty_tier: Mapped[str] = mapped_column(String(32), default="basic")
    newsletter_consent: Mapped[bool] = mapped_column(default=False)
    newsletter_consent_at: Mapped[datetime | None]
    created_at: Mapped[datetime | None]

    payment_methods: Mapped[list["PaymentMethodRow"]] = relationship(order_by="PaymentMethodRow.position")


class PaymentMethodRow(Base):
    __tablename__ = "payment_methods"

    payment_method_id: Mapped[str] = mapped_column(Id, primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.customer_id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(String(32))
    brand: Mapped[str | None] = mapped_column(String(32))
    last_four: Mapped[str | None] = mapped_column(String(4))
    balance: Mapped[Decimal | None]


class ProductRow(Base):
    __tablename__ = "products"

    product_id: Mapped[str] = mapped_column(Id, primary_key=True)
    name_en: Mapped[str] = mapped_column(String(200))
    name_zh: Mapped[str] = mapped_column(String(200))
    description_en: Mapped[str] = mapped_column(Text, default="")
    description_zh: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[str] = mapped_column(String(64), index=True, default="")
    options: Mapped[list[JsonObject]] = mapped_column(default=list)
    """[{"name", "name_zh", "values": [...], "values_zh": [...]}]"""
    image: Mapped[str | None] = mapped_column(String(500))
    warranty_months: Mapped[int | None]

    variants: Mapped[list["VariantRow"]] = relationship(order_by="VariantRow.position", back_populates="product")


class VariantRow(Base):
    __tablename__ = "variants"

    variant_id: Mapped[str] = mapped_column(Id, primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.product_id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    options: Mapped[dict[str, str]]
    price: Mapped[Decimal]
    is_on_sale: Mapped[bool] = mapped_column(default=True)
    stock: Mapped[int | None]

    product: Mapped[ProductRow] = relationship(back_populates="variants")


class OrderRow(Base):
    __tablename__ = "orders"
    __table_args__ = (Index(None, "customer_id", "placed_at"), Index(None, "status", "placed_at"))

    order_id: Mapped[int] = mapped_column(primary_key=True)
    order_number: Mapped[str] = mapped_column(String(32))
    number_key: Mapped[str] = mapped_column(String(32), unique=True)
    number_digits: Mapped[str] = mapped_column(String(32), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.customer_id"))
    status: Mapped[str] = mapped_column(String(32))
    placed_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    address: Mapped[dict[str, str]]
    shipping_fee: Mapped[Decimal] = mapped_column(default=Decimal(0))
    cancel_reason: Mapped[str | None] = mapped_column(String(64))
    coupon_code: Mapped[str | None] = mapped_column(String(40))
    item_changes: Mapped[int] = mapped_column(default=0)
    """How often the items have been modified."""
    status_history: Mapped[list[JsonObject]] = mapped_column(default=list)
    """[{"status", "at": ISO time}], oldest first"""

    customer: Mapped[CustomerRow] = relationship()
    lines: Mapped[list["LineRow"]] = relationship(order_by="LineRow.position")
    payments: Mapped[list["PaymentRow"]] = relationship(order_by="PaymentRow.payment_id")
    shipments: Mapped[list["ShipmentRow"]] = relationship(order_by="ShipmentRow.shipment_id")
    returns: Mapped[list["ReturnRow"]] = relationship(order_by="ReturnRow.return_id")


class LineRow(Base):
    __tablename__ = "order_lines"

    line_id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.order_id"), index=True)
    position: Mapped[int]
    product_id: Mapped[str] = mapped_column(Id)
    variant_id: Mapped[str] = mapped_column(Id)
    name_en: Mapped[str] = mapped_column(String(200))
    name_zh: Mapped[str] = mapped_column(String(200))
    options: Mapped[dict[str, str]]
    options_zh: Mapped[dict[str, str]]
    unit_price: Mapped[Decimal]
    quantity: Mapped[int] = mapped_column(default=1)


class PaymentRow(Base):
    __tablename__ = "payments"

    payment_id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.order_id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    amount: Mapped[Decimal]
    payment_method_id: Mapped[str] = mapped_column(Id)
    at: Mapped[datetime | None]


class ShipmentRow(Base):
    __tablename__ = "shipments"

    shipment_id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.order_id"), index=True)
    tracking_number: Mapped[str] = mapped_column(String(64))
    carrier: Mapped[str] = mapped_column(String(64), default="")
    line_ids: Mapped[list[str]]
    shipped_at: Mapped[datetime | None]
    expected_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    events: Mapped[list[JsonObject]] = mapped_column(default=list)
    """[{"at": ISO time, "code", "location"}], oldest first"""


class ReturnRow(Base):
    __tablename__ = "returns"

    return_id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.order_id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), default="requested")
    items: Mapped[list[JsonObject]]
    """[{"line_id", "variant_id", "quantity", "new_variant_id" (exchange)}]"""
    payment_method_id: Mapped[str] = mapped_column(Id)
    amount: Mapped[Decimal]
    requested_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]


class CouponRow(Base):
    __tablename__ = "coupons"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    percent_off: Mapped[int | None]
    amount_off: Mapped[Decimal | None]
    minimum_spend: Mapped[Decimal] = mapped_column(default=Decimal(0))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    category: Mapped[str | None] = mapped_column(String(64))
    is_public: Mapped[bool] = mapped_column(default=True)


class TicketRow(Base):
    __tablename__ = "tickets"

    ticket_id: Mapped[int] = mapped_column(primary_key=True)
    ticket_number: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(16), default="open")
    subject: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text)
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.customer_id"), index=True)
    order_number: Mapped[str | None] = mapped_column(String(32))
    conversation_id: Mapped[str | None] = mapped_column(String(400), index=True)
    created_at: Mapped[datetime]
    details: Mapped[dict[str, Any]]


class AuditRow(Base):
    """Who did what, when. Holds figures, states and ids; never an address, a name or an e-mail."""

    __tablename__ = "audit"

    audit_id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(320))
    operation: Mapped[str] = mapped_column(String(64))
    customer_id: Mapped[str | None] = mapped_column(Id, index=True)
    order_number: Mapped[str | None] = mapped_column(String(32), index=True)
    key: Mapped[str] = mapped_column(String(400))
    details: Mapped[dict[str, Any]]


class IdempotencyRow(Base):
    __tablename__ = "idempotency_keys"

    key: Mapped[str] = mapped_column(String(400), primary_key=True)
    operation: Mapped[str] = mapped_column(String(64))
    receipt: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class WrongProofRow(Base):
    """A proof of identity that failed, once for each thing tried in it. Fingerprints only (proof_tries.py)."""

    __tablename__ = "wrong_proofs"
    __table_args__ = (Index(None, "subject", "at"),)

    wrong_proof_id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    proof: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)


class ShopSettingRow(Base):
    """What this database's shop sets for itself. `policy`: what it changes in policy.yml."""

    __tablename__ = "shop_settings"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[dict[str, Any]]
