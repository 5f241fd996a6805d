"""What the actions at the end of an account form share: the ways a form can end, and clearing up after it."""

from abc import abstractmethod
from typing import ClassVar

from actions import wording
from actions.base import Dispatcher, Domain, Event, KefuAction, SlotSet, Tracker, services
from actions.desk import Desk
from actions.handoff.offer import offered
from knowledge.shop.errors import Refused
from knowledge.shop.types import Receipt

FORM_SLOTS = ("confirmed", "problem")
UTTER_ASKS_BACK = "utter_asks_back"
"""The receipt of what waits until the customer has confirmed it at the e-mail address of the account."""


class AccountAction(KefuAction):
    """Runs `act` when the form ended well; otherwise says why nothing was done."""

    clears: ClassVar[tuple[str, ...]] = ()
    """Slots of the form that nothing later should find filled."""

    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        with services() as opened:
            desk = Desk.open(opened, tracker, dispatcher)
            events = self._end(desk, tracker)
        return [*events, *(SlotSet(name, None) for name in (*FORM_SLOTS, *self.clears))]

    def _end(self, desk: Desk, tracker: Tracker) -> list[Event]:
        problem = desk.problem
        if problem and problem.is_final:
            desk.say(f"utter_problem_{problem.code}", None, **problem.facts)
            desk.say("utter_offer_human")
            return offered("repeated_failure")
        if desk.get("confirmed") is False:
            desk.say("utter_nothing_changed")
            return []
        try:
            return self.act(desk, self.key(tracker))
        except Refused as refused:
            desk.say(f"utter_account_refused_{refused.code}", None, **refused.facts)
            return []

    @abstractmethod
    def act(self, desk: Desk, key: str) -> list[Event]:
        """Do it and say so. `key` makes the write happen once; Refused may be raised."""


def tell(desk: Desk, receipt: Receipt, response: str) -> None:
    """The receipt of what a colleague carries on with."""
    email = wording.masked_email(desk.customer.email) if desk.customer else ""
    desk.say(response, ticket=receipt.facts["ticket_number"], masked_email=email)
