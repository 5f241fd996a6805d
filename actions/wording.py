"""The small bilingual pieces that sentences are filled with: money, dates, states, methods, lists. Whole sentences live
in the assistant's YAML."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency

from actions.base import Language
from knowledge.shop.types import Address, MoneyMove, Order, OrderLine, OrderStatus, PaymentMethod

LOCALES = {"en": "en_US", "zh": "zh_CN"}


@cache
def locale(language: Language) -> Locale:
    """Finding a locale by its name takes Babel as long as formatting a dozen dates."""
    return Locale.parse(LOCALES[language])


STATUSES: Mapping[OrderStatus, tuple[str, str]] = {
    OrderStatus.PENDING: ("being prepared", "待发货"),
    OrderStatus.PENDING_ITEM_MODIFIED: ("being prepared (items changed)", "待发货（已改商品）"),
    OrderStatus.PROCESSED: ("packed and ready to ship", "已打包，等待发出"),
    OrderStatus.SHIPPED: ("on its way", "运输中"),
    OrderStatus.DELIVERED: ("delivered", "已签收"),
    OrderStatus.CANCELLED: ("cancelled", "已取消"),
    OrderStatus.RETURN_REQUESTED: ("return requested", "退货处理中"),
    OrderStatus.EXCHANGE_REQUESTED: ("exchange requested", "换货处理中"),
    OrderStatus.RETURNED: ("returned", "已退货"),
    OrderStatus.EXCHANGED: ("exchanged", "已换货"),
    OrderStatus.REFUNDED: ("refunded", "已退款"),
}
TRACKING: Mapping[str, tuple[str, str]] = {
    "label_created": ("shipping label created", "已生成运单"),
    "picked_up": ("picked up by the carrier", "快递已揽收"),
    "in_transit": ("in transit", "运输中"),
    "out_for_delivery": ("out for delivery", "正在派送"),
    "delivered": ("delivered", "已签收"),
    "delayed": ("delayed", "运输延误"),
    "exception": ("held up on the way", "运输异常"),
}
REASONS: Mapping[str, tuple[str, str]] = {
    "no_longer_needed": ("no longer needed", "不想要了"),
    "ordered_by_mistake": ("ordered by mistake", "拍错了"),
    "found_cheaper": ("found it cheaper elsewhere", "别处更便宜"),
    "too_slow": ("takes too long", "发货太慢"),
    "change_something": ("want to change something", "信息填错，想重新下单"),
    "other": ("another reason", "其他原因"),
}
BRANDS = {
    "visa": ("Visa", "Visa"),
    "mastercard": ("Mastercard", "万事达"),
    "amex": ("American Express", "美国运通"),
    "unionpay": ("UnionPay", "银联"),
}
WALLETS = {"paypal": ("PayPal", "PayPal"), "alipay": ("Alipay", "支付宝"), "wechat_pay": ("WeChat Pay", "微信支付")}
ADDRESS_PARTS = {
    "line1": ("street and number", "街道和门牌号"),
    "city": ("city", "城市"),
    "state": ("state", "州"),
    "postcode": ("postcode", "邮编"),
}


def pick(pair: tuple[str, str], language: Language) -> str:
    return pair[1] if language == "zh" else pair[0]


def status(of: OrderStatus, language: Language) -> str:
    return pick(STATUSES[of], language)


def tracking(code: str, language: Language) -> str:
    return pick(TRACKING.get(code, (code.replace("_", " "), code)), language)


def reason(code: str, language: Language) -> str:
    return pick(REASONS.get(code, (code.replace("_", " "), code)), language)


def money(amount: Decimal, currency: str, language: Language) -> str:
    symbol = {"USD": "$", "CNY": "¥", "EUR": "€", "GBP": "£"}.get(currency)
    if symbol:
        return f"{'-' if amount < 0 else ''}{symbol}{abs(amount):,.2f}"
    return str(format_currency(amount, currency, locale=locale(language)))


def masked_email(email: str) -> str:
    """ "m•••@example.com": enough to recognise one's own."""
    name, at, host = email.partition("@")
    return f"{name[:1]}•••{at}{host}"


def masked_phone(phone: str) -> str:
    """ "•••0123": enough to recognise one's own."""
    return f"•••{phone[-4:]}" if phone else ""


def money_text(amount: str, currency: str, language: Language) -> str:
    return money(Decimal(amount), currency, language)


def with_note(name: str, notes: Sequence[str], language: Language) -> str:
    """ "gift card (balance $20.00)" """
    if not notes:
        return name
    return pick((f"{name} ({', '.join(notes)})", f"{name}（{'，'.join(notes)}）"), language)


def difference(amount: Decimal, currency: str, language: Language) -> str:
    """A price compared with what was paid: "$5.00 more", "$5.00 less", "same price"."""
    if not amount:
        return pick(("same price", "同价"), language)
    size = money(abs(amount), currency, language)
    more, less = pick((f"{size} more", f"贵{size}"), language), pick((f"{size} less", f"便宜{size}"), language)
    return more if amount > 0 else less


def date(moment: datetime, language: Language, now: datetime) -> str:
    """ "November 20", and "November 20, 2027" where it is not this year's."""
    if moment.year == now.year:
        pattern = pick(("MMMM d", "M月d日"), language)
    else:
        pattern = pick(("MMMM d, y", "y年M月d日"), language)
    return str(format_date(moment, pattern, locale=locale(language)))


def business_days(earliest: int, latest: int, language: Language) -> str:
    """When money arrives: "right away", "in 5–7 business days"."""
    if latest == 0:
        return pick(("right away", "即时到账"), language)
    span = str(latest) if earliest == latest else f"{earliest}–{latest}"
    plural = "s" if latest > 1 else ""
    return pick((f"in {span} business day{plural}", f"{span}个工作日内到账"), language)


def method(of: PaymentMethod, language: Language) -> str:
    """A payment method as its owner knows it; never more of a card than its last four digits."""
    if of.source == "gift_card":
        return pick(("gift card", "礼品卡"), language)
    if of.source in WALLETS:
        return pick(WALLETS[of.source], language)
    kind = (of.brand, of.brand) if of.brand else ("card", "信用")
    brand = pick(BRANDS.get(of.brand or "", kind), language)
    if not of.last_four:
        return pick((f"{brand} card", f"{brand}卡"), language)
    return pick((f"{brand} ending in {of.last_four}", f"尾号{of.last_four}的{brand}卡"), language)


def move(of: MoneyMove, method_name: str, currency: str, language: Language) -> str:
    """ "$20.00 back to Visa ending in 9212, in 5–7 business days" """
    size = money(of.amount, currency, language)
    if of.direction == "charge":
        return pick((f"{size} charged to {method_name}", f"用{method_name}支付{size}"), language)
    when = business_days(of.earliest_days, of.latest_days, language)
    return pick((f"{size} back to {method_name}, {when}", f"{size}退回{method_name}，{when}"), language)


def options(values: Mapping[str, str], language: Language) -> str:
    """A variant's values: "black, size M" reads well without the options' names, bare numbers and yes/no do not."""
    space = "" if language == "zh" else " "
    shown = [value if _speaks(value) else f"{name}{space}{value}" for name, value in values.items()]
    return ("、" if language == "zh" else ", ").join(shown)


def _speaks(value: str) -> bool:
    return (
        not value.isdigit() and len(value) > 1 and value.lower() not in ("yes", "no", "none", "high", "low", "medium")
    )


def item(line: OrderLine, language: Language) -> str:
    """ "Desk Lamp (black, battery) × 2" """
    values = options(line.options_in(language), language)
    brackets = "（{}）" if language == "zh" else " ({})"
    count = f" × {line.quantity}" if line.quantity > 1 else ""
    return line.name(language) + (brackets.format(values) if values else "") + count


def listing(parts: Sequence[str], language: Language) -> str:
    return str(format_list(list(parts), locale=locale(language))) if parts else ""


def items(lines: Sequence[OrderLine], language: Language) -> str:
    return listing([item(line, language) for line in lines], language)


def names(lines: Sequence[OrderLine], language: Language) -> str:
    return listing(list(dict.fromkeys(line.name(language) for line in lines)), language)


def numbered(parts: Sequence[str]) -> str:
    return "\n".join(f"{place}. {part}" for place, part in enumerate(parts, start=1))


def order(of: Order, language: Language, now: datetime) -> str:
    """ "#K1234567 · November 3 · Desk Lamp and Water Bottle · on its way" """
    placed = [date(of.placed_at, language, now)] if of.placed_at else []
    return " · ".join([of.order_number, *placed, names(of.lines, language), status(of.status, language)])


def address(of: Address) -> str:
    """In one line, in the order of the address's own language."""
    if any("\u4e00" <= letter <= "\u9fff" for letter in of.line1 + of.city):
        state = "" if of.city.startswith(of.state) else of.state
        return f"{state}{of.city}{of.line1.removeprefix(of.city)}{of.line2} {of.postcode}".strip()
    city = f"{of.city}, {of.state} {of.postcode}" if of.state else f"{of.city} {of.postcode}"
    return ", ".join(part for part in (of.line1, of.line2, city.strip(), of.country) if part)
