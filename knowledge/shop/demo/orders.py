"""A purchase and its fate → the rows of an order."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from random import Random

from knowledge.shop.columns import CENT
from knowledge.shop.demo import Row
from knowledge.shop.demo.coupons import DemoCoupon
from knowledge.shop.demo.delivery import CARRIERS, Fate, fate_of
from knowledge.shop.demo.shopping import Item, Purchase
from knowledge.shop.policy import ShopPolicy
from knowledge.shop.types import OrderStatus

CANCEL_REASONS = ("no_longer_needed", "ordered_by_mistake", "found_cheaper", "too_slow", "other")


@dataclass
class OrderRows:
    """Rows by table, and what each customer has spent on orders that arrived."""

    orders: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)
    shipments: list[Row] = field(default_factory=list)
    returns: list[Row] = field(default_factory=list)
    spent: dict[str, Decimal] = field(default_factory=dict)


class OrderBook:
    """Writes purchases down as orders, one after the other."""

    def __init__(self, random: Random, policy: ShopPolicy, coupons: list[DemoCoupon], numbers: list[int]) -> None:
        self._random = random
        self._delivery = policy.delivery[0]
        self._coupons = coupons
        self._numbers = iter(numbers)
        self.rows = OrderRows()

    def write(self, purchase: Purchase, now: datetime) -> None:
        order_id, number = len(self.rows.orders) + 1, next(self._numbers)
        address = purchase.person.row["address"]
        fate = fate_of(self._random, purchase.placed_at, now, address["country"], address["city"])
        coupon = self._coupon(purchase)
        lines = [self._line(order_id, number, *numbered, coupon) for numbered in enumerate(purchase.items, 1)]
        worth = sum((line["unit_price"] * line["quantity"] for line in lines), Decimal(0))
        is_free = self._delivery.free_from is not None and worth >= self._delivery.free_from
        fee = Decimal(0) if is_free else self._delivery.fee
        method = self._random.choice(purchase.person.methods)["payment_method_id"]
        self.rows.lines += lines
        self.rows.orders.append(self._order(order_id, number, purchase, fate, fee, coupon))
        self._pay(order_id, worth + fee, method, purchase.placed_at, fate)
        if fate.shipped_at is not None:
            self._ship(order_id, fate, lines, address["country"])
        if fate.requested_at is not None:
            self._send_back(order_id, fate, purchase.items, lines, method)
        if fate.delivered_at is not None:
            customer_id = purchase.person.customer_id
            self.rows.spent[customer_id] = self.rows.spent.get(customer_id, Decimal(0)) + worth

    def _coupon(self, purchase: Purchase) -> DemoCoupon | None:
        usable = [coupon for coupon in self._coupons if coupon.starts_at <= purchase.placed_at < coupon.ends_at]
        return self._random.choice(usable) if usable and self._random.random() < 0.15 else None

    def _order(
        self, order_id: int, number: int, purchase: Purchase, fate: Fate, fee: Decimal, coupon: DemoCoupon | None
    ) -> Row:
        is_cancelled = fate.status == OrderStatus.CANCELLED
        return {
            "order_id": order_id,
            "order_number": f"#K{number}",
            "number_key": f"K{number}",
            "number_digits": str(number),
            "customer_id": purchase.person.customer_id,
            "status": fate.status.value,
            "placed_at": purchase.placed_at,
            "delivered_at": fate.delivered_at,
            "address": purchase.person.row["address"],
            "shipping_fee": fee,
            "cancel_reason": self._random.choice(CANCEL_REASONS) if is_cancelled else None,
            "coupon_code": coupon.code if coupon else None,
            "item_changes": int(fate.status == OrderStatus.PENDING_ITEM_MODIFIED),
            "status_history": [{"status": status.value, "at": at.isoformat()} for status, at in fate.history],
        }

    def _line(self, order_id: int, number: int, position: int, item: Item, coupon: DemoCoupon | None) -> Row:
        percent_off = coupon.percent_off if coupon else 0
        return {
            "line_id": f"K{number}-{position}",
            "order_id": order_id,
            "position": position,
            "product_id": item.product.product_id,
            "variant_id": item.variant.variant_id,
            "name_en": item.product.row["name_en"],
            "name_zh": item.product.row["name_zh"],
            "options": item.variant.options,
            "options_zh": item.variant.options_zh,
            "unit_price": (item.variant.price * (100 - percent_off) / 100).quantize(CENT),
            "quantity": item.quantity,
        }

    def _pay(self, order_id: int, amount: Decimal, method: str, placed_at: datetime, fate: Fate) -> None:
        paid = {"order_id": order_id, "kind": "payment", "amount": amount, "payment_method_id": method, "at": placed_at}
        self.rows.payments.append(paid)
        if fate.status == OrderStatus.CANCELLED:
            self.rows.payments.append({**paid, "kind": "refund", "at": fate.history[-1][1]})

    def _ship(self, order_id: int, fate: Fate, lines: list[Row], country: str) -> None:
        self.rows.shipments.append(
            {
                "order_id": order_id,
                "tracking_number": f"{self._random.randrange(10**11, 10**12)}",
                "carrier": self._random.choice(CARRIERS[country]),
                "line_ids": [line["line_id"] for line in lines],
                "shipped_at": fate.shipped_at,
                "expected_at": fate.expected_at,
                "delivered_at": fate.delivered_at,
                "events": fate.events,
            }
        )

    def _send_back(self, order_id: int, fate: Fate, items: tuple[Item, ...], lines: list[Row], method: str) -> None:
        """One line of the order goes back, for money or for another variant."""
        item, line = self._random.choice(list(zip(items, lines, strict=True)))
        is_exchange = any(status == OrderStatus.EXCHANGE_REQUESTED for status, _ in fate.history)
        sent_back = {"line_id": line["line_id"], "variant_id": line["variant_id"], "quantity": line["quantity"]}
        amount = line["unit_price"] * line["quantity"]
        if is_exchange:
            wanted = self._random.choice(item.product.variants)
            sent_back["new_variant_id"] = wanted.variant_id
            amount = (wanted.price - line["unit_price"]) * line["quantity"]
        is_refunded = fate.status == OrderStatus.REFUNDED
        self.rows.returns.append(
            {
                "order_id": order_id,
                "kind": "exchange" if is_exchange else "return",
                "status": "requested" if fate.completed_at is None else "completed",
                "items": [sent_back],
                "payment_method_id": method,
                "amount": amount,
                "requested_at": fate.requested_at,
                "completed_at": fate.completed_at,
            }
        )
        if is_refunded:
            refund = {"order_id": order_id, "kind": "refund", "amount": amount, "payment_method_id": method}
            self.rows.payments.append({**refund, "at": fate.history[-1][1]})
