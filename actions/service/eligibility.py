""" "Am I eligible for …?": the shop's rules applied to whoever asks, rather than the rules recited.

Free delivery, coupons and returns. Points and levels are told by action_loyalty_points, warranties by action_warranty.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from actions import wording
from actions.base import Dispatcher, KefuAction, Language, Services, Tracker
from actions.products.coupons import coupon_lines
from actions.service.opening import moment_of
from knowledge.shop.policy import ShopPolicy
from knowledge.shop.shop import Shop
from knowledge.shop.types import Order, OrderLine, OrderStatus

ASKS = re.compile(
    r"(?<![a-z])(?:eligib\w+|qualif\w+|entitled|(?:can|could|may) i (?:still )?(?:return|send (?:it|this|them) back)|"
    r"do i (?:get|have a right))(?![a-z])"
    r"|资格|符合.{0,8}(?:条件|要求)|能?享受|能享|可以享|够不够|能不能用|能用券|能领|(?:我|这单|这一单).{0,6}(?:免运费|免邮|包邮)|还能退|还可以退|能不能退|可不可以退",
    re.IGNORECASE,
)
LATEST = 10
SHOWN = 5


def asks_eligibility(tracker: Tracker) -> bool:
    return bool(ASKS.search(str(tracker.latest_message.get("text") or "")))


def say_delivery(here: Services, dispatcher: Dispatcher, tracker: Tracker, language: Language) -> None:
    """From what amount on delivery is free, and whether this customer's usual order is above it."""
    policy = here.shop.policy
    money = _money(policy, language)
    free = [option for option in policy.delivery if option.free_from is not None and option.fee]
    always = [wording.pick((one.name_en, one.name_zh), language) for one in policy.delivery if not one.fee]
    if not free:
        KefuAction.say(dispatcher, "utter_eligible_delivery_never")
    for option in free:
        least = option.free_from or Decimal(0)
        name = wording.pick((option.name_en, option.name_zh), language)
        KefuAction.say(dispatcher, "utter_eligible_delivery", option=name, least=money(least))
        usual = _usual_order(here, KefuAction.customer_id(tracker))
        if usual is not None:
            code = "above" if usual >= least else "below"
            KefuAction.say(dispatcher, f"utter_eligible_delivery_{code}", usual=money(usual), gap=money(least - usual))
    if always:
        KefuAction.say(dispatcher, "utter_eligible_delivery_always", options=wording.listing(always, language))


def say_coupons(shop: Shop, dispatcher: Dispatcher, language: Language) -> None:
    """What anybody may use today."""
    if offers := coupon_lines(shop, shop.public_coupons(), language):
        KefuAction.say(dispatcher, "utter_eligible_coupons", coupons=offers)
    else:
        KefuAction.say(dispatcher, "utter_no_coupons")


def say_returns(here: Services, dispatcher: Dispatcher, tracker: Tracker, language: Language) -> bool:
    """Which of the customer's own orders can still go back, and until when. False where nobody is identified."""
    customer_id = KefuAction.customer_id(tracker)
    if customer_id is None:
        return False
    moment = moment_of(tracker)
    delivered = here.shop.orders_of(customer_id, [OrderStatus.DELIVERED], limit=LATEST)
    lines = [line for order in delivered if (line := _return_line(here.shop, order, moment, language))]
    if lines:
        KefuAction.say(dispatcher, "utter_eligible_returns", orders="\n".join(lines[:SHOWN]))
    else:
        KefuAction.say(dispatcher, "utter_eligible_returns_none")
    return True


def _return_line(shop: Shop, order: Order, moment: datetime, language: Language) -> str | None:
    """ "- #K2041003 (Linen Shirt, Desk Lamp), until December 5"; None where nothing of it can go back."""
    rules = shop.policy.return_items
    lines = [line for line in order.lines if _category(shop, line) not in rules.excluded_categories]
    until = order.delivered_at + timedelta(days=rules.window_days) if order.delivered_at and rules.window_days else None
    if not lines or (until is not None and until < moment):
        return None
    names = wording.listing([line.name(language) for line in lines], language)
    if until is None:
        return f"- {order.order_number}{wording.pick((f' ({names})', f'（{names}）'), language)}"
    date = wording.date(until, language, moment)
    return f"- {order.order_number}" + wording.pick((f" ({names}), until {date}", f"（{names}），{date}前"), language)


def _money(policy: ShopPolicy, language: Language) -> Callable[[Decimal], str]:
    return lambda amount: wording.money(amount, policy.currency, language)


def _category(shop: Shop, line: OrderLine) -> str:
    product = shop.product(line.product_id)
    return product.category if product else ""


def _usual_order(here: Services, customer_id: str | None) -> Decimal | None:
    """What this customer's orders come to on average; None with fewer than two."""
    rfm = here.profiles.rfm(customer_id) if customer_id else None
    return Decimal(f"{rfm.spend / rfm.orders:.2f}") if rfm and rfm.orders > 1 else None
