"""Rows of the database → the frozen values of types.py."""

from datetime import datetime
from typing import Any, cast

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
    TicketRow,
    VariantRow,
)
from knowledge.shop.types import (
    Address,
    Coupon,
    Customer,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentMethod,
    Product,
    ProductOption,
    ReturnRequest,
    Shipment,
    StatusChange,
    Ticket,
    TrackingEvent,
    Variant,
)


def customer_from(row: CustomerRow) -> Customer:
    return Customer(
        customer_id=row.customer_id,
        email=row.email,
        first_name=row.first_name,
        last_name=row.last_name,
        phone=row.phone,
        locale="zh" if row.locale == "zh" else "en",
        address=Address(**row.address) if row.address else None,
        payment_methods=tuple(map(_payment_method, row.payment_methods)),
        loyalty_points=row.loyalty_points,
        loyalty_tier=row.loyalty_tier,
        newsletter_consent=row.newsletter_consent,
        newsletter_consent_at=row.newsletter_consent_at,
        created_at=row.created_at,
    )


def _payment_method(row: PaymentMethodRow) -> PaymentMethod:
    return PaymentMethod(row.payment_method_id, cast("Any", row.source), row.brand, row.last_four, row.balance)


def product_from(row: ProductRow) -> Product:
    return Product(
        product_id=row.product_id,
        name_en=row.name_en,
        name_zh=row.name_zh,
        description_en=row.description_en,
        description_zh=row.description_zh,
        category=row.category,
        options=tuple(_option(option) for option in row.options),
        image=row.image,
        warranty_months=row.warranty_months,
    )


def _option(stored: dict[str, Any]) -> ProductOption:
    return ProductOption(stored["name"], stored["name_zh"], tuple(stored["values"]), tuple(stored["values_zh"]))


def options_in_chinese(product: ProductRow, options: dict[str, str]) -> dict[str, str]:
    """The same pairs in Chinese; what has no Chinese name keeps its own."""
    known = {option["name"]: option for option in product.options}
    translated = {}
    for name, value in options.items():
        option = known.get(name, {"name_zh": name, "values": [], "values_zh": []})
        values = dict(zip(option["values"], option["values_zh"], strict=True))
        translated[option["name_zh"]] = values.get(value, value)
    return translated


def variant_from(row: VariantRow) -> Variant:
    return Variant(
        variant_id=row.variant_id,
        product_id=row.product_id,
        options=row.options,
        options_zh=options_in_chinese(row.product, row.options),
        price=row.price,
        is_available=is_available(row),
        stock=row.stock,
    )


def is_available(row: VariantRow, quantity: int = 1) -> bool:
    return row.is_on_sale and (row.stock is None or row.stock >= quantity)


def order_from(row: OrderRow) -> Order:
    return Order(
        order_number=row.order_number,
        customer_id=row.customer_id,
        status=OrderStatus(row.status),
        placed_at=row.placed_at,
        delivered_at=row.delivered_at,
        address=Address(**row.address),
        lines=tuple(map(_line, row.lines)),
        payments=tuple(map(_payment, row.payments)),
        shipments=tuple(map(_shipment, row.shipments)),
        returns=tuple(map(_return, row.returns)),
        shipping_fee=row.shipping_fee,
        cancel_reason=row.cancel_reason,
        coupon_code=row.coupon_code,
        status_history=tuple(
            StatusChange(OrderStatus(change["status"]), datetime.fromisoformat(change["at"]))
            for change in row.status_history
        ),
    )


def _line(row: LineRow) -> OrderLine:
    return OrderLine(
        line_id=row.line_id,
        product_id=row.product_id,
        variant_id=row.variant_id,
        name_en=row.name_en,
        name_zh=row.name_zh,
        options=row.options,
        options_zh=row.options_zh,
        unit_price=row.unit_price,
        quantity=row.quantity,
    )


def _payment(row: PaymentRow) -> Payment:
    return Payment("refund" if row.kind == "refund" else "payment", row.amount, row.payment_method_id, row.at)


def _shipment(row: ShipmentRow) -> Shipment:
    return Shipment(
        tracking_number=row.tracking_number,
        carrier=row.carrier,
        line_ids=tuple(row.line_ids),
        shipped_at=row.shipped_at,
        expected_at=row.expected_at,
        delivered_at=row.delivered_at,
        events=tuple(
            TrackingEvent(datetime.fromisoformat(event["at"]), event["code"], event["location"]) for event in row.events
        ),
    )


def _return(row: ReturnRow) -> ReturnRequest:
    return ReturnRequest(
        kind="exchange" if row.kind == "exchange" else "return",
        status=cast("Any", row.status),
        line_ids=tuple(item["line_id"] for item in row.items),
        new_variant_ids=tuple(item["new_variant_id"] for item in row.items if "new_variant_id" in item),
        payment_method_id=row.payment_method_id,
        amount=row.amount,
        requested_at=row.requested_at,
        completed_at=row.completed_at,
    )


def coupon_from(row: CouponRow) -> Coupon:
    return Coupon(
        code=row.code,
        percent_off=row.percent_off,
        amount_off=row.amount_off,
        minimum_spend=row.minimum_spend,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        category=row.category,
        is_public=row.is_public,
    )


def ticket_from(row: TicketRow) -> Ticket:
    return Ticket(
        ticket_number=row.ticket_number,
        kind=row.kind,
        status=cast("Any", row.status),
        subject=row.subject,
        summary=row.summary,
        customer_id=row.customer_id,
        order_number=row.order_number,
        conversation_id=row.conversation_id,
        created_at=row.created_at,
        details=row.details,
    )
