"""What the bot has found out, named as people would: the slots of the default assistant, in both languages."""

from collections.abc import Mapping

NAMES: Mapping[str, tuple[str, str]] = {
    "account_change": ("change of the account", "账户变更"),
    "account_email": ("e-mail for the account", "账户邮箱"),
    "account_name": ("name for the account", "账户姓名"),
    "address": ("address", "地址"),
    "cancel_reason": ("reason for cancelling", "取消原因"),
    "changes": ("wanted instead", "想换成"),
    "complaint": ("complaint", "投诉内容"),
    "description": ("what is wrong", "问题描述"),
    "email": ("e-mail", "邮箱"),
    "invoice": ("invoice", "发票"),
    "items": ("items", "商品"),
    "more_orders": ("further orders", "其他订单"),
    "order_number": ("order", "订单号"),
    "payment_method": ("payment method", "支付方式"),
    "person_name": ("name", "姓名"),
    "postcode": ("postcode", "邮编"),
    "product": ("product", "商品"),
    "quantities": ("quantities", "数量"),
    "recent_items": ("items last spoken of", "最近谈到的商品"),
    "recent_order": ("order last spoken of", "最近谈到的订单"),
}
OWN_NOTES = frozenset({"retention_offered", "was_helped", "next_considered", "amends_considered"})
"""What the bot notes for itself: nothing about the matter."""


def slot_name(slot: str, language: str) -> str:
    """Of another assistant's slot its own name."""
    words = NAMES.get(slot)
    return words[language == "zh"] if words else slot.replace("_", " ")
