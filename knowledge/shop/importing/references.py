"""What rows may refer to and must not repeat: the ids in the database, and those that this import has accepted."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from knowledge.shop.rows import options_in_chinese
from knowledge.shop.schema import CustomerRow, OrderRow, PaymentMethodRow, ProductRow, VariantRow


@dataclass(frozen=True)
class KnownVariant:
    """What an order line takes over from its variant."""

    product_id: str
    price: Decimal
    options: dict[str, str]
    options_zh: dict[str, str]


@dataclass
class Known:
    """Ids by kind. `stored` ones were in the database before and are skipped, not rejected."""

    emails: set[str]
    """Folded, as `email_key` is."""
    addresses: dict[str, dict[str, str] | None]
    """By customer."""
    products: dict[str, tuple[str, str]]
    """Name in English and Chinese."""
    variants: dict[str, KnownVariant]
    orders: set[str]
    """`number_key`s."""
    payment_methods: set[str]
    last_order_id: int
    stored: dict[str, frozenset[str]] = field(default_factory=dict)


def known_in(session: Session) -> Known:
    customers = session.execute(select(CustomerRow.customer_id, CustomerRow.email_key, CustomerRow.address)).all()
    products = session.execute(select(ProductRow.product_id, ProductRow.name_en, ProductRow.name_zh)).all()
    orders = set(session.scalars(select(OrderRow.number_key)))
    variants = _variants(session.scalars(select(VariantRow).options(selectinload(VariantRow.product))))
    known = Known(
        emails={email for _, email, _ in customers},
        addresses={customer_id: address for customer_id, _, address in customers},
        products={product_id: (name_en, name_zh) for product_id, name_en, name_zh in products},
        variants=variants,
        orders=orders,
        payment_methods=set(session.scalars(select(PaymentMethodRow.payment_method_id))),
        last_order_id=session.scalar(select(func.max(OrderRow.order_id))) or 0,
    )
    known.stored = {
        "customers": frozenset(known.addresses),
        "products": frozenset(known.products),
        "variants": frozenset(variants),
        "orders": frozenset(orders),
    }
    return known


def _variants(rows: Iterable[VariantRow]) -> dict[str, KnownVariant]:
    return {
        row.variant_id: KnownVariant(
            row.product_id, row.price, row.options, options_in_chinese(row.product, row.options)
        )
        for row in rows
    }
