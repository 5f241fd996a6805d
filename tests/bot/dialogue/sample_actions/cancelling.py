"""Cancelling an order: a validation with rasa_sdk's own base class, and the action behind it."""

# ruff: noqa: ARG002  # the signature is rasa_sdk's

from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher


class ValidateCancelOrderForm(FormValidationAction):  # type: ignore[misc]  # rasa_sdk is untyped
    def name(self) -> str:
        return "validate_cancel_order_form"

    def validate_order_number(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        if str(value).startswith("#W"):
            return {"order_number": value}
        dispatcher.utter_message(response="utter_unknown_order", number=value)
        return {"order_number": None}


class CancelOrder(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    def name(self) -> str:
        return "action_cancel_order"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        done = tracker.get_slot("confirmed")
        dispatcher.utter_message(response="utter_order_cancelled" if done else "utter_order_kept")
        return [SlotSet("order_number", None), SlotSet("cancel_reason", None), SlotSet("confirmed", None)]


class ReturnItem(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    def name(self) -> str:
        return "action_return_item"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(response="utter_item_returned")
        return [SlotSet("item", None)]
