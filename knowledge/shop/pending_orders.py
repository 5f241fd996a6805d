"""What can still be changed before an order leaves: cancel it, change its address, its payment method, its items."""

from collections.abc import Sequence
from decimal import Decimal

from knowledge.shop.errors import RefusalCode, Refused
from knowledge.shop.item_changes import CheckedChange, check_changes, difference_as_text, move_stock, need_stock
from knowledge.shop.ledger import Plan, need_balance
from knowledge.shop.orders import Orders
from knowledge.shop.postal import check_address, stored_address
from knowledge.shop.rows import options_in_chinese, order_from
from knowledge.shop.schema import OrderRow, PaymentMethodRow, VariantRow
from knowledge.shop.types import Address, Fact, ItemChange, OrderStatus, Receipt


class PendingOrders(Orders):
    def cancel_order(self, order_number: str, reason: str, *, key: str, actor: str, dry_run: bool = False) -> Receipt:
        """Cancel and refund everything to the methods that paid (gift cards at once), less the policy's fee.

        `reason` is a code of `policy.cancel_order.reasons`. Facts: reason, fee.
        """
        rules = self.policy.cancel_order

        def plan() -> Plan:
            order = self._order_to_change(order_number, "cancel_order", actor)
            if reason not in rules.reasons:
                raise Refused(RefusalCode.REASON_NOT_ACCEPTED, reason=reason, accepted=list(rules.reasons))
            refunds = self._refunds(order, rules.fee)

            def apply() -> None:
                self._lock_stock(line.variant_id for line in order.lines)
                for method, amount in refunds:
                    self._settle(order, "refund", amount, method)
                for line in order.lines:
                    move_stock(self._session.get(VariantRow, line.variant_id), line.quantity)
                order.cancel_reason = reason
                self._set_status(order, OrderStatus.CANCELLED)

            money = tuple(move for method, amount in refunds for move in self._move("refund", amount, method))
            facts = {"reason": reason, "fee": str(rules.fee)}
            return Plan(apply, facts, money, order.order_number, order.customer_id)

        return self._perform("cancel_order", key, actor, plan, roles=rules.roles, dry_run=dry_run)

    def change_order_address(
        self, order_number: str, address: Address, *, key: str, actor: str, dry_run: bool = False
    ) -> Receipt:
        """Send the order somewhere else. Facts: was_already (the address is the one it had)."""

        def plan() -> Plan:
            order = self._order_to_change(order_number, "change_order_address", actor)
            check_address(address)
            facts = {"was_already": Address(**order.address) == address}

            def apply() -> None:
                order.address = stored_address(address)

            return Plan(apply, facts, (), order.order_number, order.customer_id)

        roles = self.policy.change_order_address.roles
        return self._perform("change_order_address", key, actor, plan, roles=roles, dry_run=dry_run)

    def change_order_payment(
        self, order_number: str, payment_method_id: str, *, key: str, actor: str, dry_run: bool = False
    ) -> Receipt:
        """Pay the whole order with another method; the old one gets its money back.

        Facts: old_payment_method_id, amount. A gift card must hold the whole amount.
        """

        def plan() -> Plan:
            order = self._order_to_change(order_number, "change_order_payment", actor)
            old, amount = self._single_payment(order)
            new = self._method(order.customer, payment_method_id)
            if new is old:
                raise Refused(RefusalCode.PAYMENT_METHOD_SAME, payment_method_id=payment_method_id)
            need_balance(new, amount)

            def apply() -> None:
                self._settle(order, "payment", amount, new)
                self._settle(order, "refund", amount, old)

            money = self._move("charge", amount, new) + self._move("refund", amount, old)
            facts = {"old_payment_method_id": old.payment_method_id, "amount": str(amount)}
            return Plan(apply, facts, money, order.order_number, order.customer_id)

        roles = self.policy.change_order_payment.roles
        return self._perform("change_order_payment", key, actor, plan, roles=roles, dry_run=dry_run)

    def change_order_items(
        self,
        order_number: str,
        changes: Sequence[ItemChange],
        payment_method_id: str,
        *,
        key: str,
        actor: str,
        dry_run: bool = False,
    ) -> Receipt:
        """Put other variants of the same products in place of the named lines, all in one go.

        `payment_method_id` pays, or gets back, the price difference. Facts: price_difference (text; negative: the
        customer gets it), line_ids, new_variant_ids. Where the policy says so this can be done only once an order.
        """
        rules = self.policy.change_order_items

        def plan() -> Plan:
            order = self._order_to_change(order_number, "change_order_items", actor)
            if order.item_changes >= rules.times:
                raise Refused(RefusalCode.ALREADY_MODIFIED, order_number=order.order_number, status=order.status)
            self._lock_stock([*(line.variant_id for line in order.lines), *(new.new_variant_id for new in changes)])
            checked = check_changes(self._session, order, changes)
            for change in checked:
                self._check_modification(change)
            need_stock(checked, frees_old=True)
            difference = sum((_price_difference(change) for change in checked), Decimal(0))
            method = self._method(order.customer, payment_method_id)
            need_balance(method, difference)

            def apply() -> None:
                self._settle(order, "payment" if difference > 0 else "refund", abs(difference), method)
                for change in checked:
                    self._replace_item(change)
                order.item_changes += 1
                self._set_status(order, OrderStatus.PENDING_ITEM_MODIFIED)

            facts: dict[str, Fact] = {
                "price_difference": difference_as_text(difference),
                "line_ids": [change.line.line_id for change in checked],
                "new_variant_ids": [change.variant.variant_id for change in checked],
            }
            money = self._move("charge" if difference > 0 else "refund", abs(difference), method)
            return Plan(apply, facts, money, order.order_number, order.customer_id)

        return self._perform("change_order_items", key, actor, plan, roles=rules.roles, dry_run=dry_run)

    def _refunds(self, order: OrderRow, fee: Decimal) -> list[tuple[PaymentMethodRow, Decimal]]:
        """What goes back to each method that has paid.

        The fee, and what another method got back when items became cheaper, is taken off the first that can bear it.
        """
        net = order_from(order).net_paid()
        kept = fee - sum(min(paid, Decimal(0)) for paid in net.values())
        refunds = []
        for method_id, paid in net.items():
            amount = max(paid - kept, Decimal(0))
            kept -= max(paid, Decimal(0)) - amount
            if amount:
                refunds.append((self._method(order.customer, method_id), amount))
        return refunds

    def _single_payment(self, order: OrderRow) -> tuple[PaymentMethodRow, Decimal]:
        paid = {method: amount for method, amount in order_from(order).net_paid().items() if amount}
        if len(paid) != 1:
            raise Refused(RefusalCode.SEVERAL_PAYMENTS, order_number=order.order_number)
        ((method_id, amount),) = paid.items()
        return self._method(order.customer, method_id), amount

    def _check_modification(self, change: CheckedChange) -> None:
        line = change.line
        if change.quantity != line.quantity and not self.policy.change_order_items.may_change_quantity:
            raise Refused(RefusalCode.QUANTITY_NOT_ALLOWED, line_id=line.line_id, quantity=change.quantity)
        if change.variant.variant_id == line.variant_id and change.quantity == line.quantity:
            raise Refused(RefusalCode.SAME_VARIANT, line_id=line.line_id, variant_id=line.variant_id)

    def _replace_item(self, change: CheckedChange) -> None:
        line, variant = change.line, change.variant
        move_stock(self._session.get(VariantRow, line.variant_id), line.quantity)
        move_stock(variant, -change.quantity)
        if variant.variant_id != line.variant_id:
            line.unit_price = variant.price
        line.variant_id = variant.variant_id
        line.options = dict(variant.options)
        line.options_zh = options_in_chinese(variant.product, variant.options)
        line.quantity = change.quantity


def _price_difference(change: CheckedChange) -> Decimal:
    """The same variant keeps the price that was paid for it."""
    line, variant = change.line, change.variant
    new_price = line.unit_price if variant.variant_id == line.variant_id else variant.price
    return new_price * change.quantity - line.unit_price * line.quantity
