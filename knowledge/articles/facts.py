"""What an article's `{placeholders}` stand for: the shop's policy and facts.yml, worded in the customer's language."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel.dates import get_timezone_location

from knowledge.articles.article import Language
from knowledge.shop.policy import DeliveryOption, ShopPolicy

FACTS = Path(__file__).parent / "facts.yml"
_LOCALES = {"en": "en_US", "zh": "zh_CN"}
_SYMBOLS = {"USD": "$", "CNY": "¥", "EUR": "€", "GBP": "£"}
_WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}


def shop_facts(policy: ShopPolicy, language: Language) -> Mapping[str, str]:
    """Every name that an article or an answer about the shop's rules may use, as text to say."""
    return {**_from_policy(policy, language), **_from_file(policy.currency, language)}


def money(amount: Decimal, currency: str) -> str:
    """As written in a sentence: whole amounts without decimals."""
    figures = f"{amount:,.2f}".removesuffix(".00")
    return f"{_SYMBOLS[currency]}{figures}" if currency in _SYMBOLS else f"{figures} {currency}"


def opening_hours(policy: ShopPolicy, language: Language) -> str:
    contact = policy.contact
    names = [_WEEKDAYS[language][day - 1] for day in sorted(contact.days)]
    city = get_timezone_location(contact.time_zone, locale=_LOCALES[language], return_city=True)
    unbroken = len(names) > 2 and sorted(contact.days) == list(range(min(contact.days), max(contact.days) + 1))
    if language == "zh":
        days = "每天" if len(names) == 7 else f"{names[0]}至{names[-1]}" if unbroken else "、".join(names)
        return f"{days} {contact.opens}–{contact.closes}（{city}时间）"
    days = "every day" if len(names) == 7 else f"{names[0]}–{names[-1]}" if unbroken else ", ".join(names)
    return f"{days}, {contact.opens}–{contact.closes} ({city} time)"


def days(earliest: int, latest: int) -> str:
    return str(latest) if earliest == latest else f"{earliest}–{latest}"


def _from_policy(policy: ShopPolicy, language: Language) -> dict[str, str]:
    standard, express = _speeds(policy)
    free_from = next((option.free_from for option in policy.delivery if option.free_from is not None), None)
    contact, loyalty = policy.contact, policy.loyalty
    unit = money(Decimal(1), policy.currency)
    return {
        "return_window": _window(policy.return_items.window_days, language),
        "exchange_window": _window(policy.exchange_items.window_days, language),
        "return_shipping": _fee(policy.return_items.shipping_fee, policy, language),
        "cancellation_fee": _fee(policy.cancel_order.fee, policy, language),
        "refund_days": days(*policy.refund_days["other"]),
        "warranty_months": str(policy.warranty_months),
        "standard_price": _fee(standard.fee, policy, language),
        "standard_days": days(*standard.days),
        "express_price": _fee(express.fee, policy, language),
        "express_days": days(*express.days),
        "free_from": money(free_from or Decimal(0), policy.currency),
        "email": contact.email,
        "phone": contact.phone,
        "address": contact.address_zh if language == "zh" else contact.address_en,
        "hours": opening_hours(policy, language),
        "points_per_spend": _points_earned(loyalty.points_per_unit, unit, language),
        "points_worth": _points_worth(loyalty.points_for_one_unit, unit, language),
    }


def _speeds(policy: ShopPolicy) -> tuple[DeliveryOption, DeliveryOption]:
    """The usual and the fastest way to a customer's door."""
    to_the_door = [option for option in policy.delivery if option.code != "pickup"] or list(policy.delivery)
    return min(to_the_door, key=lambda option: option.fee), min(to_the_door, key=lambda option: option.days)


def _window(window_days: int | None, language: Language) -> str:
    """What stands before "after delivery", or behind 签收后."""
    if window_days is None:
        return {"en": "at any time", "zh": "任何时候"}[language]
    return {"en": f"within {window_days} days", "zh": f"{window_days}天内"}[language]


def _fee(amount: Decimal, policy: ShopPolicy, language: Language) -> str:
    return money(amount, policy.currency) if amount else {"en": "free", "zh": "免费"}[language]


def _points_earned(points: int, unit: str, language: Language) -> str:
    if language == "zh":
        return f"每消费 {unit} 得 {points} 积分"
    return f"{points} point{'s' if points != 1 else ''} for every {unit}"


def _points_worth(points: int, unit: str, language: Language) -> str:
    return f"{points} 积分可抵 {unit}。" if language == "zh" else f"{points} points are worth {unit}."


def _from_file(currency: str, language: Language) -> dict[str, str]:
    facts = _file()
    percent = int(facts["student_discount_percent"])
    amounts = {
        "international_price": "international_fee",
        "instalments_from": "instalments_from",
        "gift_card_from": "gift_card_from",
        "gift_card_to": "gift_card_to",
        "gift_wrap_price": "gift_wrap_fee",
        "corporate_from": "corporate_from",
    }
    return {
        **{name: money(Decimal(str(facts[key])), currency) for name, key in amounts.items()},
        "cutoff": str(facts["order_cutoff"]),
        "international_days": str(facts["international_days"]),
        "damage_report_days": str(facts["damage_report_days"]),
        "price_protection_days": str(facts["price_protection_days"]),
        "student_discount": f"{(100 - percent) / 10:g} 折" if language == "zh" else f"{percent}%",
        "payment_methods": _listed(facts["payment_methods"][language], language),
    }


def _listed(names: list[str], language: Language) -> str:
    if language == "zh":
        return "、".join(names)
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else names[0]


@cache
def _file() -> dict[str, Any]:
    facts: dict[str, Any] = yaml.safe_load(FACTS.read_text(encoding="utf-8"))
    return facts
