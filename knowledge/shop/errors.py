"""What can go wrong in the shop. `Refused` is the everyday one: the shop's rules say no, and why."""

from collections.abc import Mapping
from enum import StrEnum

from knowledge.shop.types import Fact


class ShopError(Exception):
    """Anything this package raises on purpose."""


class PolicyError(ShopError):
    """The policy file or the stored override is wrong; the message names the key and what is allowed there."""


class ImportFailed(ShopError):
    """The files handed to an import cannot be read at all; the message names the file and the way out."""


class DatabaseInUse(ImportFailed):
    """The database holds a shop already, and what was asked for needs an empty one."""


class RefusalCode(StrEnum):
    """Why an operation was refused. An action has a sentence for each."""

    ORDER_NOT_FOUND = "order_not_found"
    CUSTOMER_NOT_FOUND = "customer_not_found"
    ORDER_NOT_PENDING = "order_not_pending"
    ORDER_NOT_DELIVERED = "order_not_delivered"
    ALREADY_MODIFIED = "already_modified"
    RETURN_WINDOW_OVER = "return_window_over"
    EXCHANGE_WINDOW_OVER = "exchange_window_over"
    REASON_NOT_ACCEPTED = "reason_not_accepted"
    NO_ITEMS = "no_items"
    ITEM_NOT_IN_ORDER = "item_not_in_order"
    ITEM_NOT_RETURNABLE = "item_not_returnable"
    QUANTITY_NOT_ALLOWED = "quantity_not_allowed"
    VARIANT_UNKNOWN = "variant_unknown"
    VARIANT_UNAVAILABLE = "variant_unavailable"
    DIFFERENT_PRODUCT = "different_product"
    SAME_VARIANT = "same_variant"
    ADDRESS_INCOMPLETE = "address_incomplete"
    PAYMENT_METHOD_UNKNOWN = "payment_method_unknown"
    PAYMENT_METHOD_SAME = "payment_method_same"
    SEVERAL_PAYMENTS = "several_payments"
    GIFT_CARD_TOO_LOW = "gift_card_too_low"
    REFUND_METHOD_NOT_ALLOWED = "refund_method_not_allowed"
    EMAIL_TAKEN = "email_taken"
    EMAIL_INVALID = "email_invalid"
    OPEN_ORDERS = "open_orders"
    NOT_ALLOWED_BY_POLICY = "not_allowed_by_policy"


class Refused(ShopError):
    """The shop's rules do not allow this operation now.

    `facts` say what the sentence needs: `status`, `balance` and `needed` (money as text), `window_days`, `line_id` …
    """

    def __init__(self, code: RefusalCode, **facts: Fact) -> None:
        self.code = code
        self.facts: Mapping[str, Fact] = facts
        super().__init__(f"{code}: {', '.join(f'{name}={value}' for name, value in facts.items())}".rstrip(": "))
