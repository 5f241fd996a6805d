"""What the shop knows about a customer, in a few lines, for the customer's own eyes.

Contact data is shown in part only where an order number was all the proof: enough to recognise one's own.
"""

from actions import wording
from actions.desk import Desk
from knowledge.shop.types import Address


def summary(desk: Desk) -> dict[str, str]:
    """Facts for the question whether a full copy is wanted; empty texts where nobody is proven."""
    customer = desk.customer
    if customer is None:
        return {"data": ""}
    zh = desk.language == "zh"
    orders = desk.shop.orders_of(customer.customer_id)
    email, phone = customer.email, customer.phone or ""
    is_masked = desk.must_ask_back("data_export")
    rows = [
        ("姓名" if zh else "Name", customer.full_name),
        ("邮箱" if zh else "E-mail", wording.masked_email(email) if is_masked else email),
        ("电话" if zh else "Phone", wording.masked_phone(phone) if is_masked else phone),
        ("地址" if zh else "Address", _address(customer.address, is_masked)),
        ("订单" if zh else "Orders", str(len(orders))),
        ("积分" if zh else "Loyalty points", str(customer.loyalty_points)),
        ("资讯邮件" if zh else "Newsletter", wording.pick(_CONSENT[customer.newsletter_consent], desk.language)),
    ]
    colon = "：" if zh else ": "
    return {"data": "\n".join(f"- {name}{colon}{value}" for name, value in rows if value)}


def _address(home: Address | None, is_masked: bool) -> str:
    if home is None:
        return ""
    return home.city if is_masked else wording.address(home)


_CONSENT = {True: ("subscribed", "已订阅"), False: ("not subscribed", "未订阅")}
