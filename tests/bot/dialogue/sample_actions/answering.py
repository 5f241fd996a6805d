"""Actions that answer, and some that misbehave."""

# ruff: noqa: ARG002  # the signature is rasa_sdk's

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ConversationPaused, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher


class TrackOrder(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    def name(self) -> str:
        return "action_track_order"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        number = next(tracker.get_latest_entity_values("order_number"), None) or tracker.get_slot("order_number")
        status = "在路上" if tracker.get_slot("language") == "zh" else "on its way"
        dispatcher.utter_message(response="utter_status", number=number or "it", status=status)
        return []


class Subscribe(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    def name(self) -> str:
        return "action_subscribe"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(response="utter_subscribed")
        return []


class LookForParcel(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    def name(self) -> str:
        return "action_look_for_parcel"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        return [SlotSet("parcel_state", "lost" if "lost" in tracker.latest_message["text"] else "moving")]


class Break(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    def name(self) -> str:
        return "action_break"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(text="half an answer")
        raise RuntimeError("the stock system is down")


class Circle(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    def name(self) -> str:
        return "action_circle"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        return [FollowupAction("action_circle")]


class OfferPerson(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    def name(self) -> str:
        return "action_offer_person"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(text="That is for a colleague. Shall I get one?")
        return [SlotSet("clarify_intents", ["human_handoff"]), SlotSet("handoff_reason", "policy")]


class HumanHandoff(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    def name(self) -> str:
        return "action_human_handoff"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(response="utter_handed_over")
        return [ConversationPaused()]


class AnswerFromArticles(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    def name(self) -> str:
        return "action_answer_from_articles"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        text = tracker.latest_message["text"]
        if "gift" in text or "礼品" in text:
            dispatcher.utter_message(response="utter_article", answer="we wrap gifts")
        else:
            dispatcher.utter_message(response="utter_dont_know")
        return []
