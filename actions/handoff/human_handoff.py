"""Hands the conversation to a person: a ticket with all they need, one closing line, and silence from then on."""

from actions.base import ConversationPaused, Dispatcher, Domain, Event, KefuAction, SlotSet, Tracker, services
from actions.handoff.priority import priority
from actions.handoff.standing import is_somebody_there, standing_words
from actions.handoff.summary import collected, history, sentiments, subject_line, summary
from actions.service.opening import moment_of
from knowledge.articles.facts import opening_hours

SUBJECT_LETTERS = 80


class HumanHandoff(KefuAction):
    """The pause event makes the runtime change the conversation's owner in the same transaction as the closing line."""

    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        language = self.language(tracker)
        reason = str(tracker.get_slot("handoff_reason") or "asked")
        number = tracker.get_slot("order_number") or tracker.get_slot("recent_order")
        customer_id = self.customer_id(tracker)
        with services() as here:
            customer = here.shop.customer(customer_id) if customer_id else None
            urgency = priority(sentiments(tracker), reason, here.profiles.computed(customer_id))
            receipt = here.shop.open_ticket(
                "handoff",
                subject_line(f"{reason}: {tracker.latest_message.get('text') or ''}", SUBJECT_LETTERS),
                summary(tracker, customer, reason, urgency, language),
                key=self.key(tracker),
                actor=self.actor(tracker),
                customer_id=customer_id,
                order_number=str(number) if number else None,
                conversation_id=tracker.sender_id,
                details={
                    "reason": reason,
                    "priority": {"level": urgency.level, "because": urgency.words(language)},
                    "language": language,
                    "slots": collected(tracker),
                    "sentiment": sentiments(tracker),
                    "history": history(tracker),
                },
            )
            policy, standing = here.shop.policy, here.queue.standing(tracker.sender_id)
        ticket = receipt.facts["ticket_number"]
        if is_there := is_somebody_there(policy.contact, moment_of(tracker), standing):
            self.say(dispatcher, "utter_handoff", ticket=ticket, standing=standing_words(standing, language) or None)
        else:
            self.say(dispatcher, "utter_handoff_closed", ticket=ticket, hours=opening_hours(policy, language))
        return [
            SlotSet("was_with_person", True),
            SlotSet("handoff_ticket", ticket),
            SlotSet("is_call_back_offered", not is_there),
            ConversationPaused(),
        ]
