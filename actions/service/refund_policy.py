"""What can be returned until when, and when the money is back; to who asks about their own orders, which of them."""

from actions.base import Dispatcher, Domain, Event, Tracker, services
from actions.service.eligibility import asks_eligibility, say_returns
from actions.service.policy_answer import PolicyAnswer


class RefundPolicy(PolicyAnswer):
    response = "utter_refund_policy"
    also = frozenset(["exchanging-an-item", "price-match"])

    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        if asks_eligibility(tracker):
            with services() as here:
                if say_returns(here, dispatcher, tracker, self.language(tracker)):
                    return []
        return super().run(dispatcher, tracker, domain)
