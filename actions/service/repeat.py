"""Says the last answer again."""

from actions.base import Dispatcher, Domain, Event, KefuAction, Tracker


class Repeat(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        if tracker.active_loop_name:
            return []  # the form asks its question again by itself
        answer = _last_answer(tracker)
        if not answer:
            self.say(dispatcher, "utter_nothing_to_repeat")
        for event in answer:
            data = event.get("data") or {}
            dispatcher.utter_message(text=str(event["text"]), buttons=data.get("buttons"))
        return []


def _last_answer(tracker: Tracker) -> list[Event]:
    """What the bot said in one go before the customer asked for it again."""
    found: list[Event] = []
    for event in reversed(tracker.events):
        if event.get("event") == "bot" and event.get("text"):
            found.insert(0, event)
        elif event.get("event") == "user" and found:
            break
    return found
