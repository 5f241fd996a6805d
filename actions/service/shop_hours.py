"""The hours, and whether people are there right now."""

from actions.base import Dispatcher, Domain, Event, KefuAction, Tracker, services
from actions.service.opening import is_open, moment_of
from knowledge.articles.facts import opening_hours


class ShopHours(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        with services() as here:
            policy = here.shop.policy
        response = "utter_shop_hours_open" if is_open(policy.contact, moment_of(tracker)) else "utter_shop_hours_closed"
        self.say(dispatcher, response, hours=opening_hours(policy, self.language(tracker)))
        return []
