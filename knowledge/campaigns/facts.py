"""What a campaign's texts may name, for one customer: names, and what a coupon saves until when."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date

from knowledge.articles.facts import money
from knowledge.campaigns.errors import CampaignError
from knowledge.campaigns.message import Message
from knowledge.campaigns.words import PHRASES
from knowledge.shop.schema import CustomerRow
from knowledge.shop.shop import Shop
from knowledge.shop.types import Coupon, Language, join_name


def facts_for(
    message: Message, customer: CustomerRow | None, language: Language, shop: Shop, now: datetime
) -> dict[str, str]:
    """Values for the names in `message`; without a customer (or a name) a friendly word. Raises CampaignError."""
    friend = PHRASES[language]["friend"]
    facts = {"first_name": friend, "name": friend}
    if customer is not None:
        name = join_name(customer.first_name.strip(), customer.last_name.strip())
        facts = {"first_name": customer.first_name.strip() or friend, "name": name or friend}
    return facts if message.coupon is None else facts | _coupon_facts(message.coupon, language, shop, now)


def coupon_problem(message: Message, shop: Shop, now: datetime) -> str | None:
    """Why the message's coupon can't be promised, in words; None when it can, or when there is none."""
    if message.coupon is None:
        return None
    coupon = shop.coupon(message.coupon)
    if coupon is None:
        return f"there is no coupon '{message.coupon}' in the shop"
    return None if coupon.is_valid_at(now) else f"the coupon '{message.coupon}' is not valid now"


def coupon_conditions(message: Message, shop: Shop) -> list[str]:
    """What the message's coupon asks of an order, which a text that only names the saving would leave out."""
    coupon = shop.coupon(message.coupon) if message.coupon else None
    if coupon is None:
        return []
    found = [f"orders from {money(coupon.minimum_spend, shop.policy.currency)}"] if coupon.minimum_spend > 0 else []
    return found + ([f"products of the category '{coupon.category}'"] if coupon.category else [])


def _coupon_facts(code: str, language: Language, shop: Shop, now: datetime) -> dict[str, str]:
    coupon = shop.coupon(code)
    if coupon is None or not coupon.is_valid_at(now):
        raise CampaignError(f"the coupon '{code}' is not valid: the mails would promise what they can't keep")
    locale = "zh_CN" if language == "zh" else "en"
    last_day = (coupon.ends_at - timedelta(seconds=1)).astimezone(ZoneInfo(shop.policy.contact.time_zone)).date()
    until = format_date(last_day, "long", locale=locale)
    return {"coupon": coupon.code, "saving": _saving(coupon, language, shop), "until": until}


def _saving(coupon: Coupon, language: Language, shop: Shop) -> str:
    """As it stands in a sentence: "10%" or "$5", 打 9 折 or 减 $5."""
    if coupon.percent_off is not None:
        return f"打 {(100 - coupon.percent_off) / 10:g} 折" if language == "zh" else f"{coupon.percent_off}%"
    amount = money(coupon.amount_off or Decimal(0), shop.policy.currency)
    return f"减 {amount}" if language == "zh" else amount
