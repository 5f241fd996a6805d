"""The hard rules: what must not be done, whatever a policy hopes to earn with it. One rule, one line of RULES."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.next_best_action.actions import SELLING, Action
from knowledge.next_best_action.context import Context
from knowledge.next_best_action.limits import Limits

VOUCHERS = frozenset({Action.OFFER, Action.APOLOGISE_WITH_VOUCHER})


@dataclass(frozen=True)
class Rule:
    """`forbids` what it names while `holds`; `en` and `zh` say why, to the shop's people."""

    name: str
    forbids: frozenset[Action]
    holds: Callable[[Context, Limits], bool]
    en: str
    zh: str


@dataclass(frozen=True)
class Because:
    """A rule that held, and what it took away."""

    rule: Rule
    actions: tuple[Action, ...]


def allowed(context: Context, limits: Limits) -> tuple[tuple[Action, ...], tuple[Because, ...]]:
    """What may be done, SOLVE_ONLY always among it, and which rules took the rest away."""
    held = [rule for rule in RULES if rule.holds(context, limits)]
    forbidden = frozenset[Action]().union(*(rule.forbids for rule in held))
    because = tuple(Because(rule, tuple(sorted(rule.forbids))) for rule in held)
    return tuple(action for action in Action if action not in forbidden), because


def in_words(because: Sequence[Because], language: str) -> list[str]:
    return [one.rule.zh if language == "zh" else one.rule.en for one in because]


def _is_angry(context: Context, limits: Limits) -> bool:
    return context.mood < limits.mood.angry_below


def _is_tired(context: Context, limits: Limits) -> bool:
    return context.contacts_lately >= limits.fatigue.contacts


def _asked_lately(context: Context, limits: Limits) -> bool:
    days = context.consent_asked_days_ago
    return days is not None and days < limits.consent.ask_again_after_days


def _costs_the_margin(context: Context, limits: Limits) -> bool:
    if context.voucher_share is None:
        return False
    margin = limits.margin.usual if context.margin_share is None else context.margin_share
    left = margin - context.voucher_share
    return left < limits.margin.least_left - 1e-9


def _needs_nobody(context: Context, limits: Limits) -> bool:
    return not (context.wants_person or context.had_problem or _is_angry(context, limits))


RULES = (
    Rule(
        "waiting",
        SELLING,
        lambda context, _: context.is_waiting,
        "What the customer came for is not done yet, and that comes first.",
        "客户的事情还没办好，先把事情办好。",
    ),
    Rule(
        "angry",
        SELLING,
        _is_angry,
        "The customer is upset; this is no moment to sell anything.",
        "客户正在气头上，这时候不推销。",
    ),
    Rule(
        "wants_person",
        frozenset(Action) - {Action.SOLVE_ONLY, Action.HAND_OFF},
        lambda context, _: context.wants_person,
        "The customer asked for a person.",
        "客户想找人工客服。",
    ),
    Rule(
        "no_consent",
        frozenset({Action.OFFER}),
        lambda context, _: not context.has_consent,
        "The customer has not agreed to personal offers.",
        "客户没有同意接收个性化优惠。",
    ),
    Rule(
        "no_consent_to_advice",
        frozenset({Action.RECOMMEND}),
        lambda context, _: not (context.has_consent or context.asked_for_advice),
        "The customer neither asked for advice nor agreed to receive it.",
        "客户没有询问推荐，也没有同意接收推荐。",
    ),
    Rule(
        "consent_known",
        frozenset({Action.ASK_CONSENT}),
        lambda context, _: context.has_consent,
        "The customer has agreed to hear from us already.",
        "客户已经同意过了，不用再问。",
    ),
    Rule(
        "asked_lately",
        frozenset({Action.ASK_CONSENT}),
        _asked_lately,
        "The customer was asked for consent not long ago.",
        "不久前刚问过客户是否同意。",
    ),
    Rule(
        "fatigue",
        SELLING,
        lambda context, limits: _is_tired(context, limits) and not context.asked_for_advice,
        "The customer has heard enough from us lately.",
        "最近已经打扰过客户好几次了。",
    ),
    Rule(
        "margin",
        VOUCHERS,
        _costs_the_margin,
        "A voucher would cost more than there is to earn.",
        "用了这张券就几乎不赚钱了。",
    ),
    Rule(
        "no_voucher",
        VOUCHERS,
        lambda context, _: context.voucher_share is None,
        "There is no voucher to give.",
        "目前没有可以送出的优惠券。",
    ),
    Rule(
        "enough_vouchers",
        VOUCHERS,
        lambda context, limits: context.vouchers_this_year >= limits.voucher.a_year,
        "The customer has had this year's vouchers.",
        "客户今年的优惠券已经送完了。",
    ),
    Rule(
        "nothing_to_apologise_for",
        frozenset({Action.APOLOGISE_WITH_VOUCHER}),
        lambda context, limits: not context.had_problem or context.mood > limits.voucher.least_mood,
        "Nothing went wrong that a voucher should make up for.",
        "没有需要用优惠券来致歉的事情。",
    ),
    Rule(
        "nothing_to_recommend",
        frozenset({Action.RECOMMEND}),
        lambda context, _: not context.has_recommendations,
        "We have nothing to suggest that suits them.",
        "没有合适的商品可以推荐。",
    ),
    Rule(
        "no_need_for_a_person",
        frozenset({Action.HAND_OFF}),
        _needs_nobody,
        "Nothing here needs a person.",
        "目前不需要转人工。",
    ),
)
