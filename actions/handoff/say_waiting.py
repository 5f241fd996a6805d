"""Tells a customer who waits for a person how it stands."""

from actions.base import Dispatcher, Domain, Event, KefuAction, Tracker, services
from actions.handoff.standing import is_somebody_there, standing_words
from actions.service.opening import moment_of
from knowledge.articles.facts import opening_hours


class SayWaiting(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        language = self.language(tracker)
        with services() as here:
            policy = here.shop.policy
            standing = here.queue.standing(tracker.sender_id)
        words = standing_words(standing, language)
        if not is_somebody_there(policy.contact, moment_of(tracker), standing):
            self.say(dispatcher, "utter_still_closed", hours=opening_hours(policy, language))
        elif words:
            self.say(dispatcher, "utter_still_waiting", standing=words)
        else:
            self.say(dispatcher, "utter_still_waiting_unknown")
        return []
