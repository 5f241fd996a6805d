"""What can be done with an order that arrived: send items back, or have them exchanged for another variant."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from knowledge.shop.columns import CENT
from knowledge.shop.errors import RefusalCode, Refused
from knowledge.shop.item_changes import (
    CheckedChange,
    check_changes,
    difference_as_text,
    lines_of,
    move_stock,
    need_stock,
)
from knowledge.shop.ledger import Plan, need_balance
from knowledge.shop.orders import Orders
from knowledge.shop.policy import ExchangePolicy, ReturnPolicy
from knowledge.shop.rows import order_from
from knowledge.shop.schema import LineRow, OrderRow, PaymentMethodRow, ProductRow, ReturnRow
from knowledge.shop.types import Fact, ItemChange, OrderStatus, Receipt


class Returns(Orders):
    def return_items(
        self,
        order_number: str,
        line_ids: Sequence[str],
        payment_method_id: str,
        *,
        key: str,
        actor: str,
        quantities: Mapping[str, int] | None = None,
        dry_run: bool = False,
    ) -> Receipt:
        """Ask for a return of the named lines (or of `quantities[line_id]` pieces of a line).

        The refund goes where the policy allows: to the original method or a gift card. It moves when the parcel is
        back; `Receipt.money` tells how much and how long it then takes. Facts: line_ids, refund_amount, restocking_fee,
        shipping_fee (money as text).
        """
        rules = self.policy.return_items

        def plan() -> Plan:
            order = self._order_to_change(order_number, "return_items", actor)
            self._check_window(order, rules, RefusalCode.RETURN_WINDOW_OVER)
            if not line_ids:
                raise Refused(RefusalCode.NO_ITEMS)
            lines = lines_of(order, line_ids)
            self._check_returnable(lines, rules)
            pieces = [_pieces(line, (quantities or {}).get(line.line_id)) for line in lines]
            method = self._method(order.customer, payment_method_id)
            self._check_refund_method(order, method)
            worth = sum((line.unit_price * count for line, count in zip(lines, pieces, strict=True)), Decimal(0))
            restocking = (worth * rules.restocking_percent / 100).quantize(CENT, ROUND_HALF_UP)
            amount = max(worth - restocking - rules.shipping_fee, Decimal(0))

            def apply() -> None:
                items = [
                    {"line_id": line.line_id, "variant_id": line.variant_id, "quantity": count}
                    for line, count in zip(lines, pieces, strict=True)
                ]
                self._request(order, "return", items, method, amount)
                self._set_status(order, OrderStatus.RETURN_REQUESTED)

            facts: dict[str, Fact] = {
                "line_ids": list(line_ids),
                "refund_amount": str(amount),
                "restocking_fee": str(restocking),
                "shipping_fee": str(rules.shipping_fee),
            }
            money = self._move("refund", amount, method)
            return Plan(apply, facts, money, order.order_number, order.customer_id)

        return self._perform("return_items", key, actor, plan, roles=rules.roles, dry_run=dry_run)

    def exchange_items(
        self,
        order_number: str,
        changes: Sequence[ItemChange],
        payment_method_id: str,
        *,
        key: str,
        actor: str,
        dry_run: bool = False,
    ) -> Receipt:
        """Ask for other variants of the same products in exchange for the named lines, all in one go.

        `payment_method_id` pays, or gets back, the price difference once the items are back. Facts: price_difference
        (text; negative: the customer gets it), line_ids, new_variant_ids.
        """
        rules = self.policy.exchange_items

        def plan() -> Plan:
            order = self._order_to_change(order_number, "exchange_items", actor)
            self._check_window(order, rules, RefusalCode.EXCHANGE_WINDOW_OVER)
            self._check_returnable(lines_of(order, [change.line_id for change in changes]), rules)
            self._lock_stock(change.new_variant_id for change in changes)
            checked = check_changes(self._session, order, changes)
            for change in checked:
                _check_exchange(change, rules)
            need_stock(checked, frees_old=False)
            per_line = ((change.variant.price - change.line.unit_price) * change.quantity for change in checked)
            difference = sum(per_line, Decimal(0))
            method = self._method(order.customer, payment_method_id)
            need_balance(method, difference)

            def apply() -> None:
                items = []
                for change in checked:
                    move_stock(change.variant, -change.quantity)
                    items.append(
                        {
                            "line_id": change.line.line_id,
                            "variant_id": change.line.variant_id,
                            "quantity": change.quantity,
                            "new_variant_id": change.variant.variant_id,
                        }
                    )
                self._request(order, "exchange", items, method, difference)
                self._set_status(order, OrderStatus.EXCHANGE_REQUESTED)

            facts: dict[str, Fact] = {
                "price_difference": difference_as_text(difference),
                "line_ids": [change.line.line_id for change in checked],
                "new_variant_ids": [change.variant.variant_id for change in checked],
            }
            money = self._move("charge" if difference > 0 else "refund", abs(difference), method)
            return Plan(apply, facts, money, order.order_number, order.customer_id)

        return self._perform("exchange_items", key, actor, plan, roles=rules.roles, dry_run=dry_run)

    def _check_window(self, order: OrderRow, rules: ReturnPolicy | ExchangePolicy, code: RefusalCode) -> None:
        """An order whose data do not say when it arrived is given the benefit of the doubt."""
        if rules.window_days is None or order.delivered_at is None:
            return
        if self._now() > order.delivered_at + timedelta(days=rules.window_days):
            raise Refused(code, window_days=rules.window_days, delivered_at=order.delivered_at.date().isoformat())

    def _check_returnable(self, lines: Sequence[LineRow], rules: ReturnPolicy | ExchangePolicy) -> None:
        for line in lines:
            product = self._session.get(ProductRow, line.product_id)
            if product is not None and product.category in rules.excluded_categories:
                raise Refused(RefusalCode.ITEM_NOT_RETURNABLE, line_id=line.line_id, category=product.category)

    def _check_refund_method(self, order: OrderRow, method: PaymentMethodRow) -> None:
        allowed = self.policy.return_items.refund_to
        is_original = method.payment_method_id == order_from(order).original_payment_method_id
        kinds = {"any", *(["original"] if is_original else []), *(["gift_card"] if method.balance is not None else [])}
        if not allowed & kinds:
            raise Refused(
                RefusalCode.REFUND_METHOD_NOT_ALLOWED,
                payment_method_id=method.payment_method_id,
                allowed=sorted(allowed),
            )

    def _request(
        self, order: OrderRow, kind: str, items: list[dict[str, Any]], method: PaymentMethodRow, amount: Decimal
    ) -> None:
        order.returns.append(
            ReturnRow(
                kind=kind,
                items=items,
                payment_method_id=method.payment_method_id,
                amount=amount,
                requested_at=self._now(),
            )
        )


def _pieces(line: LineRow, asked: int | None) -> int:
    if asked is None:
        return line.quantity
    if not 1 <= asked <= line.quantity:
        raise Refused(RefusalCode.QUANTITY_NOT_ALLOWED, line_id=line.line_id, quantity=asked)
    return asked


def _check_exchange(change: CheckedChange, rules: ExchangePolicy) -> None:
    line = change.line
    if change.quantity > line.quantity:
        raise Refused(RefusalCode.QUANTITY_NOT_ALLOWED, line_id=line.line_id, quantity=change.quantity)
    if change.variant.variant_id == line.variant_id and not rules.same_variant:
        raise Refused(RefusalCode.SAME_VARIANT, line_id=line.line_id, variant_id=line.variant_id)
