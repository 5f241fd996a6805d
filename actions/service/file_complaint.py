"""Files a complaint as a ticket and offers a person."""

from actions.base import Dispatcher, Domain, Event, KefuAction, SlotSet, Tracker, services
from actions.handoff.offer import offered
from actions.handoff.summary import history, subject_line

SUBJECT_LETTERS = 80


class FileComplaint(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        story = str(tracker.get_slot("complaint") or tracker.latest_message.get("text") or "")
        number = tracker.get_slot("order_number") or tracker.get_slot("recent_order")
        with services() as here:
            receipt = here.shop.open_ticket(
                "complaint",
                subject_line(story, SUBJECT_LETTERS),
                story,
                key=self.key(tracker),
                actor=self.actor(tracker),
                customer_id=self.customer_id(tracker),
                order_number=str(number) if number else None,
                conversation_id=tracker.sender_id,
                details={"history": history(tracker)},
            )
        self.say(dispatcher, "utter_complaint_filed", ticket=receipt.facts["ticket_number"])
        return [SlotSet("complaint", None), *offered("angry")]
