"""Whether an unhappy customer is one whom the shop can least afford to lose. Asked only when they are unhappy."""

from actions.base import Dispatcher, Domain, Event, KefuAction, SlotSet, Tracker, services
from actions.handoff.priority import is_value_at_risk


class JudgeValue(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        customer_id = self.customer_id(tracker)
        if customer_id is None:
            return []
        with services() as here:
            return [SlotSet("is_value_at_risk", is_value_at_risk(here.profiles.computed(customer_id)))]
