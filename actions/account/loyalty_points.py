"""Tells points, what they are worth, the tier and what the next one takes."""

from decimal import Decimal

from actions import wording
from actions.account.account_action import AccountAction
from actions.base import Event, Language
from actions.desk import Desk
from knowledge.shop.policy import LoyaltyPolicy

TIERS = {
    "basic": ("basic", "普通"),
    "silver": ("silver", "银卡"),
    "gold": ("gold", "金卡"),
    "platinum": ("platinum", "白金卡"),
}


class LoyaltyPoints(AccountAction):
    def act(self, desk: Desk, key: str) -> list[Event]:
        customer, loyalty = desk.customer, desk.shop.policy.loyalty
        if customer is None:
            return []
        points = customer.loyalty_points
        worth = (Decimal(points) / loyalty.points_for_one_unit).quantize(Decimal("0.01"))
        following = _next_tier(loyalty, points)
        desk.say(
            "utter_loyalty_points" if following else "utter_loyalty_points_top",
            points=points,
            worth=wording.money(worth, desk.shop.policy.currency, desk.language),
            tier=tier(customer.loyalty_tier, desk.language),
            next_tier=tier(following, desk.language) if following else "",
            missing=loyalty.tiers[following] - points if following else 0,
        )
        return []


def tier(code: str, language: Language) -> str:
    return wording.pick(TIERS.get(code, (code, code)), language)


def _next_tier(loyalty: LoyaltyPolicy, points: int) -> str | None:
    above = {name: least for name, least in loyalty.tiers.items() if least > points}
    return min(above, key=lambda name: above[name]) if above else None
