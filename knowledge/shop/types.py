"""What the shop says about its world: frozen values, no behaviour beyond naming themselves.

Money is `Decimal` in the shop's one currency (`ShopPolicy.currency`); times are UTC-aware.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

Language = Literal["en", "zh"]
Fact = str | int | bool | None | list[str]
"""What a receipt or a refusal tells; plain JSON, so that a receipt survives being stored."""


class OrderStatus(StrEnum):
    """The life of an order. The values are what customers' data on disk say (tau-bench's names where it has one)."""

    PENDING = "pending"
    PENDING_ITEM_MODIFIED = "pending (item modified)"
    PROCESSED = "processed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURN_REQUESTED = "return requested"
    EXCHANGE_REQUESTED = "exchange requested"
    RETURNED = "returned"
    EXCHANGED = "exchanged"
    REFUNDED = "refunded"


PaymentSource = Literal["credit_card", "paypal", "gift_card", "alipay", "wechat_pay"]
ProblemKind = Literal["late", "damaged", "wrong", "missing", "payment", "quality", "other"]
TicketStatus = Literal["open", "pending", "solved"]


@dataclass(frozen=True)
class Address:
    """A postal address. `line2` and `state` may be empty; `country` is as the shop writes it (USA, China …)."""

    line1: str
    line2: str
    city: str
    state: str
    postcode: str
    country: str


@dataclass(frozen=True)
class PaymentMethod:
    """A way to pay that a customer has on file. `balance` is set for gift cards only, `brand`/`last_four` for cards."""

    payment_method_id: str
    source: PaymentSource
    brand: str | None = None
    last_four: str | None = None
    balance: Decimal | None = None

    @property
    def is_gift_card(self) -> bool:
        return self.source == "gift_card"


@dataclass(frozen=True)
class Customer:
    """A customer's profile. `full_name` is written the way the name is written (王伟, not 伟 王)."""

    customer_id: str
    email: str
    first_name: str
    last_name: str
    phone: str | None
    locale: Language
    address: Address | None
    payment_methods: tuple[PaymentMethod, ...]
    loyalty_points: int
    loyalty_tier: str
    newsletter_consent: bool
    newsletter_consent_at: datetime | None
    created_at: datetime | None

    @property
    def full_name(self) -> str:
        return join_name(self.first_name, self.last_name)

    def payment_method(self, payment_method_id: str) -> PaymentMethod | None:
        return next((m for m in self.payment_methods if m.payment_method_id == payment_method_id), None)


def join_name(first_name: str, last_name: str) -> str:
    """Family name first and no space for Chinese names, given name first otherwise."""
    is_chinese = any("一" <= letter <= "鿿" for letter in first_name + last_name)
    return f"{last_name}{first_name}" if is_chinese else f"{first_name} {last_name}".strip()


@dataclass(frozen=True)
class ProductOption:
    """One thing a product varies in, with the values that exist, in both languages."""

    name: str
    name_zh: str
    values: tuple[str, ...]
    values_zh: tuple[str, ...]
    """Parallel to `values`."""


@dataclass(frozen=True)
class Product:
    """A product of the catalogue; what can be bought are its variants."""

    product_id: str
    name_en: str
    name_zh: str
    description_en: str
    description_zh: str
    category: str
    """A word of the shop's own choice: `home`, `shoes` …"""
    options: tuple[ProductOption, ...]
    image: str | None
    warranty_months: int | None
    """None: the policy's general warranty."""

    def name(self, language: Language) -> str:
        return self.name_zh if language == "zh" else self.name_en

    def description(self, language: Language) -> str:
        return self.description_zh if language == "zh" else self.description_en


@dataclass(frozen=True)
class Variant:
    """One sellable item. `options` maps option name to value in English, `options_zh` the same pairs in Chinese."""

    variant_id: str
    product_id: str
    options: Mapping[str, str]
    options_zh: Mapping[str, str]
    price: Decimal
    is_available: bool
    """On sale and, where stock is counted, in stock."""
    stock: int | None
    """None: the shop does not count it."""

    def options_in(self, language: Language) -> Mapping[str, str]:
        return self.options_zh if language == "zh" else self.options


@dataclass(frozen=True)
class OrderLine:
    """What was ordered, as it was named and paid then. `unit_price` is what was paid a piece, coupons taken off."""

    line_id: str
    product_id: str
    variant_id: str
    name_en: str
    name_zh: str
    options: Mapping[str, str]
    options_zh: Mapping[str, str]
    unit_price: Decimal
    quantity: int

    def name(self, language: Language) -> str:
        return self.name_zh if language == "zh" else self.name_en

    def options_in(self, language: Language) -> Mapping[str, str]:
        return self.options_zh if language == "zh" else self.options

    @property
    def total(self) -> Decimal:
        return self.unit_price * self.quantity


@dataclass(frozen=True)
class Payment:
    """An entry of the order's payment history, oldest first. `amount` is never negative; `kind` gives its direction."""

    kind: Literal["payment", "refund"]
    amount: Decimal
    payment_method_id: str
    at: datetime | None


@dataclass(frozen=True)
class TrackingEvent:
    """One step of a parcel.

    `code`: label_created, picked_up, in_transit, out_for_delivery, delivered, delayed, exception.
    """

    at: datetime
    code: str
    location: str


@dataclass(frozen=True)
class Shipment:
    """A parcel of an order. Dates are None where the shop's data do not say; events are oldest first."""

    tracking_number: str
    carrier: str
    line_ids: tuple[str, ...]
    shipped_at: datetime | None
    expected_at: datetime | None
    delivered_at: datetime | None
    events: tuple[TrackingEvent, ...]


@dataclass(frozen=True)
class ReturnRequest:
    """A return or an exchange that was asked for.

    `amount` is what the customer gets back (return) or the price difference (exchange; negative: the customer gets it).
    """

    kind: Literal["return", "exchange"]
    status: Literal["requested", "received", "completed", "refused"]
    line_ids: tuple[str, ...]
    new_variant_ids: tuple[str, ...]
    """Parallel to `line_ids` for an exchange, empty for a return."""
    payment_method_id: str
    amount: Decimal
    requested_at: datetime
    completed_at: datetime | None


@dataclass(frozen=True)
class StatusChange:
    status: OrderStatus
    at: datetime


@dataclass(frozen=True)
class Order:
    """An order with everything that belongs to it. Dates are None where the shop's data do not say."""

    order_number: str
    """As written to customers: `#W2378156`."""
    customer_id: str
    status: OrderStatus
    placed_at: datetime | None
    delivered_at: datetime | None
    address: Address
    lines: tuple[OrderLine, ...]
    payments: tuple[Payment, ...]
    shipments: tuple[Shipment, ...]
    returns: tuple[ReturnRequest, ...]
    shipping_fee: Decimal
    cancel_reason: str | None
    coupon_code: str | None
    status_history: tuple[StatusChange, ...]

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), self.shipping_fee)

    @property
    def original_payment_method_id(self) -> str | None:
        """The method that pays for the order: the one with the most paid and not given back (at first: the first)."""
        net = self.net_paid()
        return max(net, key=lambda method: net[method]) if net else None

    def net_paid(self) -> dict[str, Decimal]:
        """What each method has paid less what it got back, in the order the methods were first used."""
        net: dict[str, Decimal] = {}
        for payment in self.payments:
            signed = payment.amount if payment.kind == "payment" else -payment.amount
            net[payment.payment_method_id] = net.get(payment.payment_method_id, Decimal(0)) + signed
        return net

    def line(self, line_id: str) -> OrderLine | None:
        return next((line for line in self.lines if line.line_id == line_id), None)


@dataclass(frozen=True)
class Coupon:
    """A coupon code. Exactly one of `percent_off` and `amount_off` is set."""

    code: str
    percent_off: int | None
    amount_off: Decimal | None
    minimum_spend: Decimal
    starts_at: datetime
    ends_at: datetime
    category: str | None
    """None: the whole shop."""
    is_public: bool
    """May be told to anyone who asks for coupons."""

    def is_valid_at(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at


@dataclass(frozen=True)
class Ticket:
    """Something for a person to look at."""

    ticket_number: str
    kind: str
    status: TicketStatus
    subject: str
    summary: str
    customer_id: str | None
    order_number: str | None
    conversation_id: str | None
    created_at: datetime
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ItemChange:
    """Another variant for a line of an order.

    `quantity` None means the whole line. For a pending order it is how many the line shall have afterwards (only where
    the policy lets quantities change); for an exchange, how many of the line's pieces are exchanged.
    """

    line_id: str
    new_variant_id: str
    quantity: int | None = None


@dataclass(frozen=True)
class MoneyMove:
    """Money that moves because of an operation, and when it arrives (business days; 0-0: at once)."""

    direction: Literal["refund", "charge"]
    amount: Decimal
    payment_method_id: str
    source: PaymentSource
    earliest_days: int
    latest_days: int


@dataclass(frozen=True)
class Receipt:
    """What a write did (or, with `is_preview`, would do).

    `created` is False for a preview and when the same key had been written before: then nothing was written now.
    """

    operation: str
    order_number: str | None
    facts: Mapping[str, Fact]
    created: bool
    money: tuple[MoneyMove, ...] = ()
    customer_id: str | None = None
    is_preview: bool = False

    @property
    def balance(self) -> Decimal:
        """What the customer pays on balance; negative: gets back."""
        signed = (move.amount if move.direction == "charge" else -move.amount for move in self.money)
        return sum(signed, Decimal(0))


@dataclass(frozen=True)
class CatalogueName:
    """What the understanding layer needs to recognise a product in a sentence."""

    product_id: str
    name_en: str
    name_zh: str
    option_values: tuple[tuple[str, str, str], ...]
    """(option name, value, value in Chinese); the option name is the English code that variants use."""
