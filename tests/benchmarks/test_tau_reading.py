"""The scripted customer understands every question of the assistant that it may be asked, in all its wordings."""

from pathlib import Path

import pytest
import yaml

from benchmarks.tau_reading import Asks, Reply, hear

ORDERS = Path(__file__).parents[2] / "bot" / "assistant"
QUESTIONS = {
    "utter_ask_which_order": Asks.ORDER,
    "utter_ask_why_cancel": Asks.REASON,
    "utter_ask_new_address": Asks.ADDRESS,
    "utter_ask_rest_of_address": Asks.ADDRESS,
    "utter_ask_items_to_return": Asks.ITEMS,
    "utter_ask_items_to_exchange": Asks.ITEMS,
    "utter_ask_items_to_change": Asks.ITEMS,
    "utter_ask_which_variant": Asks.VARIANT,
    "utter_ask_difference_method": Asks.PAYMENT,
    "utter_ask_refund_method": Asks.PAYMENT,
    "utter_ask_email_or_name": Asks.IDENTITY,
    "utter_problem_declined": Asks.WHAT_TO_CHANGE,
    "utter_offer_human": Asks.PERSON,
    "utter_ask_rephrase": Asks.REPHRASE,
    "utter_clarify": Asks.MEANING,
    "utter_done_return_item": Asks.NOTHING,
    "utter_done_exchange_item": Asks.NOTHING,
    "utter_done_change_order_items": Asks.NOTHING,
    "utter_done_change_delivery_address": Asks.NOTHING,
    "utter_done_change_default_address": Asks.NOTHING,
    "utter_order_details": Asks.NOTHING,
}
CONFIRMATIONS = (
    "utter_confirm_cancel_order",
    "utter_confirm_return_item",
    "utter_confirm_exchange_item",
    "utter_confirm_change_order_items",
    "utter_confirm_change_delivery_address",
    "utter_confirm_change_default_address",
)
FACTS = {
    "orders": "1. #W1234567 · Desk Lamp · delivered\n2. #W7654321 · Water Bottle · delivered",
    "items": "1. Desk Lamp (black)\n2. Water Bottle (blue)",
    "methods": "1. PayPal (the original one)\n2. gift card (balance $20.00)",
    "reasons": "1. no longer needed\n2. ordered by mistake",
    "variants": "1. black, size M — $5.00 more\n2. red, size M — same price",
    "parts": "city and postcode",
    "money": "$20.00 back to PayPal, in 5–7 business days",
}


def wordings(name: str) -> list[Reply]:
    """Every English wording of a response, with facts like those it is filled with."""
    found = []
    for file in sorted(ORDERS.rglob("*.yml")):
        responses = (yaml.safe_load(file.read_text("utf-8")) or {}).get("responses") or {}
        for wording in responses.get(name, ()):
            if any(condition["value"] == "en" for condition in wording.get("condition", ())):
                buttons = tuple(button["title"] for button in wording.get("buttons", ()))
                found.append(Reply(wording["text"].format_map(Filled()), buttons))
    assert found, f"the assistant says {name} no more"
    return found


class Filled(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return FACTS.get(name, name)


@pytest.mark.parametrize(("name", "asks"), QUESTIONS.items())
def test_every_wording_of_a_response_is_read_for_what_it_asks(name: str, asks: Asks) -> None:
    assert {reply.text: hear([reply]).asks for reply in wordings(name)} == {
        reply.text: asks for reply in wordings(name)
    }


@pytest.mark.parametrize("name", CONFIRMATIONS)
def test_a_summary_with_yes_and_no_asks_for_confirmation(name: str) -> None:
    for reply in wordings(name):
        assert hear([Reply(reply.text, ("Yes", "No"))]).asks is Asks.CONFIRM


def test_the_last_message_of_several_holds_the_question() -> None:
    heard = hear([Reply("I can't find order #W0000001."), Reply("Which order is it?\n1. #W1234567 · Desk Lamp")])
    assert heard.asks is Asks.ORDER
    assert heard.is_refusal
    assert heard.choices == ["#W1234567 · Desk Lamp"]
    assert heard.order_numbers == {"#W0000001", "#W1234567"}


def test_silence_asks_nothing() -> None:
    assert hear([]).asks is Asks.NOTHING
