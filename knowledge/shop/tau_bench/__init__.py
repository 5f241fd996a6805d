"""tau-bench's retail shop, in and out: reading.py imports its three files, writing.py exports the same shape.

policy.yml holds what that shop decides differently, names_zh.yml the Chinese names of its products and options.
"""

from decimal import Decimal

USERS, ORDERS, PRODUCTS = "users.jsonl.gz", "orders.jsonl.gz", "products.jsonl.gz"

ADDRESS_KEYS = {
    "line1": "address1",
    "line2": "address2",
    "city": "city",
    "state": "state",
    "postcode": "zip",
    "country": "country",
}
"""Our field → tau-bench's key."""


def exact(amount: float) -> Decimal:
    """A JSON number as the amount that was written, to the cent."""
    return Decimal(str(amount)).quantize(Decimal("0.01"))
