"""What people read in a profile beside the packages' own sentences: the names of tasks and of next actions."""

from typing import Literal

from knowledge.next_best_action import Action

Language = Literal["en", "zh"]
TASKS = {
    "active": ("Buys within 28 days", "28 天内会下单"),
    "churn": ("Buys nothing for 56 days", "56 天内不会下单"),
    "purchases": ("Days with a purchase in the next 13 weeks", "未来 13 周会下单的天数"),
    "spend": ("Spends in the next 13 weeks", "未来 13 周的消费额"),
    "category": ("Buys in a category within 28 days", "28 天内会买某一类商品"),
    "coupon": ("Redeems an offer", "会使用优惠"),
}
ACTIONS = {
    Action.SOLVE_ONLY: ("Do what they ask, and nothing beside it", "只办客户要办的事，不做别的"),
    Action.APOLOGISE_WITH_VOUCHER: ("Apologise with a voucher", "致歉并送一张优惠券"),
    Action.OFFER: ("Make an offer", "送一个优惠"),
    Action.RECOMMEND: ("Recommend something", "推荐商品"),
    Action.ASK_CONSENT: ("Ask whether they want to hear from us", "问问是否愿意接收优惠消息"),
    Action.HAND_OFF: ("Let a person take over", "转人工客服"),
}
SHARES = frozenset({"active", "churn", "category", "coupon"})
"""Tasks whose value is a probability."""


def task(code: str, language: Language, about: str = "") -> str:
    """`about`: the category that it is about, if it is about one."""
    name = TASKS.get(code, (code, code))[language == "zh"]
    return f"{name}{'：' if language == 'zh' else ': '}{about}" if about else name


def action(code: Action, language: Language) -> str:
    return ACTIONS[code][language == "zh"]
