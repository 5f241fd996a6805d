"""Notes where a customer wants to be called or written to, and leaves it to a person as a ticket."""

from actions.base import Dispatcher, Domain, Event, KefuAction, SlotSet, Tracker, services
from actions.handoff.contact import contact_in
from actions.handoff.summary import history


class RequestCallBack(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        contact = contact_in(str(tracker.latest_message.get("text") or ""))
        if contact is None:
            self.say(dispatcher, "utter_ask_call_back")
            return [SlotSet("is_call_back_offered", True)]
        number = tracker.get_slot("order_number") or tracker.get_slot("recent_order")
        with services() as here:
            receipt = here.shop.open_ticket(
                "call_back",
                f"call back: {contact}",
                str(tracker.latest_message.get("text") or ""),
                key=self.key(tracker),
                actor=self.actor(tracker),
                customer_id=self.customer_id(tracker),
                order_number=str(number) if number else None,
                conversation_id=tracker.sender_id,
                details={"contact": contact, "language": self.language(tracker), "history": history(tracker)},
            )
        self.say(dispatcher, "utter_call_back_noted", contact=contact, ticket=receipt.facts["ticket_number"])
        return [SlotSet("is_call_back_offered", False), SlotSet("call_back", contact)]
