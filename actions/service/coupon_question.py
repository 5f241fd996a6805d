"""Whether a coupon code is valid and what it gives; without a code, the coupons anyone may use."""

import re
from datetime import UTC, datetime

from actions import wording
from actions.base import Dispatcher, Domain, Event, KefuAction, Language, Tracker, services
from actions.products.coupons import coupon_lines, coupon_terms
from actions.service.eligibility import asks_eligibility, say_coupons
from actions.service.opening import moment_of
from knowledge.shop.shop import Shop
from knowledge.shop.types import Coupon

CODE = re.compile(
    r"(?<![A-Za-z0-9_@.-])(?=[A-Za-z0-9_-]{4,24}(?![A-Za-z0-9_@]))(?:[A-Z][A-Z0-9_-]{3,}|[A-Za-z_-]*\d[A-Za-z0-9_-]*)"
)
"""Capitals, or letters with a figure in them: SAVE10, welcome5, SUMMER-24."""
FIGURES_ONLY = re.compile(r"\d+")


class CouponQuestion(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        language = self.language(tracker)
        text = str(tracker.latest_message.get("text") or "")
        with services() as here:
            shop = here.shop
            found = next((coupon for word in _words(text) if (coupon := shop.coupon(word))), None)
            if found:
                self._answer(dispatcher, shop, found, moment_of(tracker), language)
            elif code := _code(text):
                self._say_with_offers(dispatcher, shop, "utter_coupon_unknown", language, code=code)
            elif asks_eligibility(tracker):
                say_coupons(shop, dispatcher, language)
            else:
                self._say_with_offers(dispatcher, shop, "utter_coupons", language)
        return []

    def _answer(self, dispatcher: Dispatcher, shop: Shop, coupon: Coupon, moment: datetime, language: Language) -> None:
        if coupon.is_valid_at(moment.astimezone(UTC)):
            self.say(dispatcher, "utter_coupon_valid", code=coupon.code, terms=coupon_terms(shop, coupon, language))
        elif moment < coupon.starts_at:
            starts = wording.date(coupon.starts_at, language, moment)
            self.say(dispatcher, "utter_coupon_not_yet", code=coupon.code, date=starts)
        else:
            self._say_with_offers(
                dispatcher,
                shop,
                "utter_coupon_expired",
                language,
                code=coupon.code,
                date=wording.date(coupon.ends_at, language, moment),
            )

    def _say_with_offers(
        self, dispatcher: Dispatcher, shop: Shop, response: str, language: Language, **facts: str
    ) -> None:
        """Say it, then what can be used today; nothing to offer is said as well."""
        offers = coupon_lines(shop, shop.public_coupons(), language)
        if response != "utter_coupons":
            self.say(dispatcher, response, None, **facts)
        if offers:
            self.say(dispatcher, "utter_coupons", coupons=offers)
        elif response == "utter_coupons":
            self.say(dispatcher, "utter_no_coupons")


def _words(text: str) -> list[str]:
    return list(re.findall(r"[A-Za-z0-9_-]{3,24}", text))


def _code(text: str) -> str | None:
    """What looks like a code, though the shop has none such."""
    codes = [match.group() for match in CODE.finditer(text)]
    return next((code for code in codes if not FIGURES_ONLY.fullmatch(code)), None)
