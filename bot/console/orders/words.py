"""Orders, and what is done with them, in words for agents."""

from typing import Literal

from actions import wording
from knowledge.shop.errors import RefusalCode, Refused
from knowledge.shop.types import Customer, MoneyMove, Receipt

Language = Literal["en", "zh"]

DEEDS = {
    "cancel_order": ("Cancel order {number}.", "取消订单 {number}。"),
    "change_order_address": ("Send order {number} to the new address.", "订单 {number} 改寄到新地址。"),
    "change_order_payment": ("Pay order {number} with another method.", "订单 {number} 改用其他付款方式。"),
    "return_items": ("Take back items of order {number}.", "为订单 {number} 办理退货。"),
    "exchange_items": ("Exchange items of order {number}.", "为订单 {number} 办理换货。"),
    "request_invoice": ("Have the invoice for order {number} sent.", "为订单 {number} 开发票。"),
    "report_problem": ("Report a problem with order {number}.", "登记订单 {number} 的问题。"),
}
REFUSALS: dict[RefusalCode, tuple[str, str]] = {
    RefusalCode.ORDER_NOT_FOUND: ("The customer has no such order.", "这位客户没有这个订单。"),
    RefusalCode.CUSTOMER_NOT_FOUND: ("There is no such customer.", "没有这位客户。"),
    RefusalCode.ORDER_NOT_PENDING: (
        "The order has left already; it can't be changed any more.",
        "订单已发出，不能再改。",
    ),
    RefusalCode.ORDER_NOT_DELIVERED: ("The order has not arrived yet.", "订单还没有签收。"),
    RefusalCode.ALREADY_MODIFIED: (
        "A change was made or asked for already; there is only one.",
        "已经改过或申请过一次，只能一次。",
    ),
    RefusalCode.RETURN_WINDOW_OVER: (
        "The time for returns ({window_days} days) is over.",
        "退货期（{window_days} 天）已过。",
    ),
    RefusalCode.EXCHANGE_WINDOW_OVER: (
        "The time for exchanges ({window_days} days) is over.",
        "换货期（{window_days} 天）已过。",
    ),
    RefusalCode.REASON_NOT_ACCEPTED: ("The shop does not accept this reason.", "店铺规则不接受这个理由。"),
    RefusalCode.NO_ITEMS: ("Choose at least one item.", "请至少选一件商品。"),
    RefusalCode.ITEM_NOT_IN_ORDER: ("An item is not part of this order.", "所选商品不在这个订单里。"),
    RefusalCode.ITEM_NOT_RETURNABLE: ("Goods of this kind are not taken back.", "这类商品不支持退换。"),
    RefusalCode.QUANTITY_NOT_ALLOWED: ("That many cannot be chosen.", "数量不对。"),
    RefusalCode.VARIANT_UNKNOWN: ("There is no such variant.", "没有这个规格。"),
    RefusalCode.VARIANT_UNAVAILABLE: ("The variant is sold out.", "这个规格没货了。"),
    RefusalCode.DIFFERENT_PRODUCT: ("It can only be exchanged for the same product.", "只能换同款商品。"),
    RefusalCode.SAME_VARIANT: ("That is the variant they have.", "和原来的规格一样。"),
    RefusalCode.ADDRESS_INCOMPLETE: ("The address is not complete.", "地址不完整。"),
    RefusalCode.PAYMENT_METHOD_UNKNOWN: ("The customer has no such payment method.", "客户没有这个付款方式。"),
    RefusalCode.PAYMENT_METHOD_SAME: ("The order is paid with that method already.", "订单本来就用这个方式付款。"),
    RefusalCode.SEVERAL_PAYMENTS: (
        "The order was paid in several parts; that can't be changed.",
        "订单分多次付款，不能更换。",
    ),
    RefusalCode.GIFT_CARD_TOO_LOW: ("The gift card does not hold enough.", "礼品卡余额不足。"),
    RefusalCode.REFUND_METHOD_NOT_ALLOWED: ("A refund can't go to this method.", "不能退到这个付款方式。"),
    RefusalCode.EMAIL_TAKEN: ("The e-mail address is somebody else's.", "这个邮箱已被使用。"),
    RefusalCode.EMAIL_INVALID: ("That is no e-mail address.", "邮箱格式不对。"),
    RefusalCode.OPEN_ORDERS: ("There are orders under way.", "还有进行中的订单。"),
    RefusalCode.NOT_ALLOWED_BY_POLICY: ("The shop's rules do not allow this.", "店铺规则不允许。"),
}
PROBLEMS = {
    "late": ("Parcel is late", "包裹延误"),
    "missing": ("Parcel has not come", "没有收到包裹"),
    "damaged": ("Arrived damaged", "商品破损"),
    "wrong": ("Wrong item came", "发错商品"),
    "quality": ("Faulty or of poor quality", "质量问题"),
    "payment": ("Problem with the payment", "付款问题"),
    "other": ("Something else", "其他问题"),
}
FREE_DELIVERY = ("0", "0.00")
FIGURES = {
    "fee": ("A fee of {money} is kept.", "扣除手续费 {money}。"),
    "refund_amount": ("The refund is {money}.", "退款 {money}。"),
    "restocking_fee": ("{money} is kept for restocking.", "扣除上架费 {money}。"),
    "shipping_fee": ("{money} is kept for the return parcel.", "扣除退货运费 {money}。"),
    "price_difference": ("The price difference is {money}.", "差价 {money}。"),
}
TICKET = ("It is ticket {ticket}.", "工单号 {ticket}。")


def told(receipt: Receipt, currency: str, language: Language) -> list[str]:
    """What was done, or would be, in sentences."""
    deed = wording.pick(DEEDS.get(receipt.operation, ("{number}", "{number}")), language)
    sentences = [deed.format(number=receipt.order_number)]
    for name, pair in FIGURES.items():
        value = receipt.facts.get(name)
        if isinstance(value, str) and value not in FREE_DELIVERY:
            sentences.append(wording.pick(pair, language).format(money=wording.money_text(value, currency, language)))
    if ticket := receipt.facts.get("ticket_number"):
        sentences.append(wording.pick(TICKET, language).format(ticket=ticket))
    return sentences


def moved(move: MoneyMove, customer: Customer | None, currency: str, language: Language) -> dict[str, str]:
    method = customer.payment_method(move.payment_method_id) if customer else None
    return {
        "direction": move.direction,
        "amount": wording.money(move.amount, currency, language),
        "to": wording.method(method, language) if method else move.payment_method_id,
        "days": wording.business_days(move.earliest_days, move.latest_days, language),
    }


def refused(refusal: Refused, language: Language) -> str:
    words = wording.pick(REFUSALS[refusal.code], language)
    return words.format(**{"window_days": "…", **refusal.facts})
