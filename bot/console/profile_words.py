"""What people read in a profile beside the packages' own sentences: the names of tasks and of next actions."""

from typing import Literal

from knowledge.next_best_action import Action
from knowledge.next_best_action.choosing import Choice

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
    Action.SOLVE_ONLY: ("Just do what they came for", "先把客户的事办好，不用提别的"),
    Action.APOLOGISE_WITH_VOUCHER: ("Apologise with a voucher", "致歉并送一张优惠券"),
    Action.OFFER: ("Make them an offer", "送一个优惠"),
    Action.RECOMMEND: ("Suggest something they may like", "推荐可能喜欢的商品"),
    Action.ASK_CONSENT: ("Ask whether they want to hear from us", "问问是否愿意接收优惠消息"),
    Action.HAND_OFF: ("Let a person see it through", "由人工跟进到底"),
}
WHY = {
    Action.SOLVE_ONLY: ("What they came for comes first.", "客户自己的事最要紧。"),
    Action.APOLOGISE_WITH_VOUCHER: (
        "Something went wrong for them, and we have a voucher that says sorry.",
        "这次给客户添了麻烦，正好有券可以表示歉意。",
    ),
    Action.OFFER: (
        "They like to hear of offers, and we have one to give.",
        "客户愿意接收优惠，正好有券可以送。",
    ),
    Action.RECOMMEND: (
        "They are open to suggestions, and we have something that suits them.",
        "客户愿意听推荐，正好有合适的商品。",
    ),
    Action.ASK_CONSENT: (
        "They never said whether they want to hear from us, and we have not asked for a while.",
        "还不知道客户愿不愿意接收消息，最近也没有问过。",
    ),
    Action.HAND_OFF: ("They want a person, or it takes one to put this right.", "客户想找人工，或者这事需要人来处理。"),
}
SHARES = frozenset({"active", "churn", "category", "coupon"})
"""Tasks whose value is a probability."""


def task(code: str, language: Language, about: str = "") -> str:
    """`about`: the category that it is about, if it is about one."""
    name = TASKS.get(code, (code, code))[language == "zh"]
    return f"{name}{'：' if language == 'zh' else ': '}{about}" if about else name


def action(code: Action, language: Language) -> str:
    return ACTIONS[code][language == "zh"]


def why(choice: Choice, language: Language) -> list[str]:
    """Why this one, in a sentence; of doing nothing more, what speaks against the rest."""
    if choice.action is Action.SOLVE_ONLY and choice.propensity == 1 and (against := _against(choice, language)):
        return against
    return [WHY[choice.action][language == "zh"]]


def _against(choice: Choice, language: Language) -> list[str]:
    """The first rule against each of the other actions. Calling a person is none: whoever reads this is one."""
    first = {action: one.rule for one in reversed(choice.because) for action in one.actions}
    told = {rule.name for action, rule in first.items() if action is not Action.HAND_OFF}
    rules = [one.rule for one in choice.because if one.rule.name in told]
    return [rule.zh if language == "zh" else rule.en for rule in rules]
