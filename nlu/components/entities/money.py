"""Sums of money: `$12.50`, `12.5 dollars`, `¥100`, `100块`, `三百元` → "12.50" with the currency in the details."""

import re
from collections.abc import Iterable, Iterator

from nlu.components.entities.numbers import CHINESE_PATTERN, ENGLISH_PATTERN, read_number
from nlu.components.entities.span import Span

_AMOUNT = r"\d[\d,]*(?:\.\d+)?"
_SIGNS = {
    "$": "USD",
    "us$": "USD",
    "usd": "USD",
    "¥": "CNY",
    "rmb": "CNY",
    "cny": "CNY",
    "€": "EUR",
    "eur": "EUR",
    "£": "GBP",
    "gbp": "GBP",
    "hk$": "HKD",
    "a$": "AUD",
    "au$": "AUD",
    "c$": "CAD",
    "ca$": "CAD",
    "s$": "SGD",
}
_WORDS = {
    "dollar": "USD",
    "dollars": "USD",
    "bucks": "USD",
    "buck": "USD",
    "usd": "USD",
    "yuan": "CNY",
    "rmb": "CNY",
    "cny": "CNY",
    "euro": "EUR",
    "euros": "EUR",
    "eur": "EUR",
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "pounds": "GBP",
    "quid": "GBP",
    "gbp": "GBP",
    "块钱": "CNY",
    "块": "CNY",
    "元钱": "CNY",
    "元人民币": "CNY",
    "元": "CNY",
    "人民币": "CNY",
    "美元": "USD",
    "美金": "USD",
    "刀": "USD",
    "欧元": "EUR",
    "英镑": "GBP",
    "港币": "HKD",
}
_SMALL_CHANGE = {"cents": 0.01, "cent": 0.01, "毛钱": 0.1, "毛": 0.1, "角钱": 0.1, "角": 0.1}
"""What is worth less than the currency's unit: "90 cents", "5毛"."""


def _either(names: Iterable[str]) -> str:
    return "|".join(sorted((re.escape(name) for name in names), key=len, reverse=True))


_SIGNED = re.compile(
    rf"(?<![A-Za-z])(?P<sign>{_either(_SIGNS)})\s?(?P<amount>{_AMOUNT})(?P<k>k\b)?", re.ASCII | re.IGNORECASE
)
_WORDED = re.compile(
    rf"(?<![\d.A-Za-z])(?P<amount>{_AMOUNT}|{CHINESE_PATTERN}|(?:{ENGLISH_PATTERN}))\s?(?P<more>多)?(?P<word>{_either(_WORDS)})(?![A-Za-z])"
    r"(?P<tenths>[一二三四五六七八九\d](?![\d个件只双条天]))?",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    rf"(?<![\d.A-Za-z第])(?P<amount>{_AMOUNT}|[一二两三四五六七八九]|(?:{ENGLISH_PATTERN}))\s?(?P<word>{_either(_SMALL_CHANGE)})"
    r"(?![A-Za-z落度形裤架色])",
    re.IGNORECASE,
)


def find_money(text: str) -> Iterator[Span]:
    """Amounts with two decimals."""
    for match in _SIGNED.finditer(text):
        amount = (read_number(match["amount"].rstrip(",")) or 0.0) * (1000 if match["k"] else 1)
        yield _span(match, amount, _SIGNS[match["sign"].lower()])
    for match in _WORDED.finditer(text):
        worth = read_number(match["amount"])
        if worth is None or (match["word"] == "块" and match["amount"] in "一两" and not match["tenths"]):
            continue
        tenths = read_number(match["tenths"]) if match["tenths"] and match["word"].startswith("块") else None
        yield _span(match, worth + (tenths or 0) / 10, _WORDS[match["word"].lower()])
    for match in _CHANGE.finditer(text):
        part = _SMALL_CHANGE[match["word"].lower()]
        yield _span(match, (read_number(match["amount"]) or 0.0) * part, "USD" if match["word"].isascii() else "CNY")


def _span(match: re.Match[str], amount: float, currency: str) -> Span:
    return Span("money", f"{amount:.2f}", match.start(), match.end(), details={"currency": currency})
