"""A coupon in one line."""

from collections.abc import Iterable

from actions import wording
from actions.base import Language
from actions.products.categories import category_name
from knowledge.shop.shop import Shop
from knowledge.shop.types import Coupon


def coupon_lines(shop: Shop, coupons: Iterable[Coupon], language: Language) -> str:
    return "\n".join(f"- {coupon.code}: {coupon_terms(shop, coupon, language)}" for coupon in coupons)


def coupon_terms(shop: Shop, coupon: Coupon, language: Language) -> str:
    """ "10% off from $50, clothing only, until November 30" """
    until = wording.date(coupon.ends_at, language, shop.now)
    least = wording.money(coupon.minimum_spend, shop.policy.currency, language) if coupon.minimum_spend else ""
    only = category_name(coupon.category, language) if coupon.category else ""
    off = _off(shop, coupon, language)
    if language == "zh":
        return "，".join(filter(None, (least and f"满{least}", off, only and f"限{only}", f"有效期至{until}")))
    return ", ".join(filter(None, (f"{off} from {least}" if least else off, only and f"{only} only", f"until {until}")))


def _off(shop: Shop, coupon: Coupon, language: Language) -> str:
    if coupon.percent_off is not None:
        return wording.pick((f"{coupon.percent_off}% off", f"{(100 - coupon.percent_off) / 10:g} 折"), language)
    money = wording.money(coupon.amount_off or coupon.minimum_spend, shop.policy.currency, language)
    return wording.pick((f"{money} off", f"减{money}"), language)
