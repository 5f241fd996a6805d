"""The ways of delivery with price and time."""

from actions import wording
from actions.articles.passages import say_specific
from actions.base import Dispatcher, Domain, Event, KefuAction, Language, Tracker, services
from actions.service.eligibility import asks_eligibility, say_delivery
from knowledge.articles.facts import days
from knowledge.shop.policy import DeliveryOption

SPECIAL_CASES = frozenset({"customs-and-duties", "delivery-at-the-door", "international-shipping", "store-pickup"})


class DeliveryOptions(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        language = self.language(tracker)
        with services() as here:
            policy = here.shop.policy
            if asks_eligibility(tracker):
                say_delivery(here, dispatcher, tracker, language)
                return []
            if say_specific(here, dispatcher, tracker, language, SPECIAL_CASES):
                return []
        lines = [f"- {_line(option, policy.currency, language)}" for option in policy.delivery]
        self.say(dispatcher, "utter_delivery_options", options="\n".join(lines))
        return []


def _line(option: DeliveryOption, currency: str, language: Language) -> str:
    """ "Standard delivery: $4.90 (free from $59.00), 3–5 business days" """
    fee = wording.money(option.fee, currency, language) if option.fee else wording.pick(("free", "免费"), language)
    free_from = wording.money(option.free_from, currency, language) if option.free_from else ""
    time = days(*option.days)
    if language == "zh":
        return f"{option.name_zh}：{fee}{f'（满{free_from}免运费）' if free_from else ''}，{time}个工作日"
    return f"{option.name_en}: {fee}{f' (free from {free_from})' if free_from else ''}, {time} business days"
