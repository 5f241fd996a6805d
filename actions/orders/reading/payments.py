"""Which payment method a customer names: "the card ending 9212", "the one I paid with", 原路退回. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from actions.words import fold

SOURCES = {
    "gift_card": r"gift[\s-]?cards?|store credit|礼品卡|购物卡|储值卡",
    "paypal": r"pay[\s-]?pal|贝宝",
    "alipay": r"ali[\s-]?pay|支付宝|花呗",
    "wechat_pay": r"we[\s-]?chat(?:[\s-]?pay)?|weixin|微信(?:支付)?",
    "credit_card": r"(?:credit|debit|bank)[\s-]?cards?|visa|master[\s-]?card|amex|american express|"
    r"信用卡|银行卡|储蓄卡|(?<!gift )(?<!gift-)(?<!sd )(?<!cf )(?<![a-z])cards?(?![a-z])",
}
BRANDS = {
    "visa": r"visa",
    "mastercard": r"master[\s-]?card|万事达",
    "amex": r"amex|american express",
    "unionpay": r"union[\s-]?pay|银联",
}
ORIGINAL = re.compile(
    r"original(?: form of)?(?: payment)?(?: method| card| account)?|(?:same|very) (?:payment )?(?:method|"
    r"card|account|way)|"
    r"same as (?:before|the original|i used)|(?:the )?(?:one|card|method|account|way)(?: that)? i (?:used|paid)|"
    r"how(?:ever)? i paid|what(?:ever)? i (?:used|paid)|back to (?:where|the source)|原路|原来的?(?:支付|"
    r"付款|方式|账户|卡)|"
    r"原支付|原付款|付款的?(?:那[个张]|时候?用的)|下单时?用的|哪[里儿]来|退回原"
)
LAST_FOUR = re.compile(
    r"(?:end(?:ing|s)?(?: in| with)?|last (?:four|4)(?: digits)?(?: are| is)?|尾号(?:是|为)?|后四位(?:是|"
    r"为)?)\D{0,3}(\d{4})"
)
OLD = re.compile(
    r"(?:(?<![a-z])(?:from|instead of|not|rather than|no longer|paid (?:with|by|using)|except|without|n't use)"
    r"(?: (?:the|my|a|an|this|using))?|从|由|把|不是|不要|不用|别用|而不是|当前的?|现在的?)\s*$"
)


@dataclass(frozen=True)
class Method:
    """A payment method on file, as far as words can tell it from the others."""

    payment_method_id: str
    source: str
    brand: str | None = None
    last_four: str | None = None


@dataclass(frozen=True)
class PaymentSaid:
    """What the text says about paying. `methods`: those on file that it may mean, in its order; `is_said` with none of
    them: it names a kind that is not on file."""

    methods: tuple[Method, ...] = ()
    is_said: bool = False


def read_payment(text: str, methods: Sequence[Method], original_id: str | None = None) -> PaymentSaid:
    """The methods the text names, the way to be charged or refunded; a method named as the old one does not count."""
    folded = fold(text)
    exact = [method for method in methods if fold(method.payment_method_id) in folded]
    if four := LAST_FOUR.search(folded):
        exact += [method for method in methods if method.last_four == four.group(1)]
    if exact:
        return PaymentSaid(tuple(dict.fromkeys(exact)), True)
    if ORIGINAL.search(folded):
        return PaymentSaid(tuple(method for method in methods if method.payment_method_id == original_id), True)
    said = sorted(
        (match.start(), source)
        for source, pattern in SOURCES.items()
        for match in re.finditer(pattern, folded)
        if not OLD.search(folded[max(0, match.start() - 28) : match.start()])
    )
    found = [method for _, source in said for method in methods if method.source == source]
    return PaymentSaid(tuple(dict.fromkeys(_of_brand(folded, found))), bool(said))


def _of_brand(folded: str, methods: list[Method]) -> list[Method]:
    brands = {brand for brand, pattern in BRANDS.items() if re.search(pattern, folded)}
    named = [method for method in methods if not brands or method.brand in brands or method.source != "credit_card"]
    return named if named or not brands else []
