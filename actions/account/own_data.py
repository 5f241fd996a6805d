"""What the shop knows about a customer, in a few lines, for the customer's own eyes."""

from actions import wording
from actions.desk import Desk


def summary(desk: Desk) -> dict[str, str]:
    """Facts for the question whether a full copy is wanted; empty texts where nobody is proven."""
    customer = desk.customer
    if customer is None:
        return {"data": ""}
    zh = desk.language == "zh"
    orders = desk.shop.orders_of(customer.customer_id)
    rows = [
        ("姓名" if zh else "Name", customer.full_name),
        ("邮箱" if zh else "E-mail", customer.email),
        ("电话" if zh else "Phone", customer.phone or ""),
        ("地址" if zh else "Address", wording.address(customer.address) if customer.address else ""),
        ("订单" if zh else "Orders", str(len(orders))),
        ("积分" if zh else "Loyalty points", str(customer.loyalty_points)),
        ("资讯邮件" if zh else "Newsletter", wording.pick(_CONSENT[customer.newsletter_consent], desk.language)),
    ]
    colon = "：" if zh else ": "
    return {"data": "\n".join(f"- {name}{colon}{value}" for name, value in rows if value)}


_CONSENT = {True: ("subscribed", "已订阅"), False: ("not subscribed", "未订阅")}
