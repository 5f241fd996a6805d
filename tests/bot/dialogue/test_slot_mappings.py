"""Slots are filled by Rasa's mappings; without a validation action what they find counts."""

from pathlib import Path
from typing import Any

import pytest

from bot.action_runner import ActionResult
from bot.dialogue.assistant import Assistant
from bot.dialogue.slots import Slot
from bot.dialogue.yaml_source import Place
from tests.bot.dialogue.chat import Chat

TRAVEL = """\
version: "3.1"
intents: [book, chat, inform, buy_first_class, affirm, deny]
entities: [city, person, age]
slots:
  origin: {type: text, mappings: [{type: from_entity, entity: city, conditions: [{active_loop: trip_form}]}]}
  goal: {type: text, mappings: [{type: from_entity, entity: city, conditions: [{active_loop: trip_form}]}]}
  travellers: {type: list, mappings: [{type: from_entity, entity: person, not_intent: chat}]}
  age: {type: float, mappings: [{type: from_entity, entity: age}]}
  level:
    type: categorical
    values: [first, second]
    mappings:
    - {type: from_trigger_intent, intent: buy_first_class, value: FIRST, conditions: [{active_loop: trip_form}]}
    - {type: from_text, conditions: [{active_loop: trip_form, requested_slot: level}]}
  wish:
    type: text
    mappings: [{type: from_text, conditions: [{active_loop: trip_form}]}]
forms:
  trip_form: {required_slots: [origin, goal, level, wish], ignored_intents: [chat]}
responses:
  utter_ask_origin: [{text: From where?}]
  utter_ask_goal: [{text: To where?}]
  utter_ask_level: [{text: Which class?}]
  utter_ask_trip_form_wish: [{text: Any wish?}]
  utter_booked: [{text: "{origin} to {goal}, {level}, {wish}"}]
  utter_small_talk: [{text: Nice weather.}]
rules:
- rule: Book
  steps: [{or: [{intent: book}, {intent: buy_first_class}]}, {action: trip_form}, {active_loop: trip_form}]
- rule: Booked
  condition: [{active_loop: trip_form}]
  steps: [{action: trip_form}, {active_loop: null}, {slot_was_set: [{requested_slot: null}]}, {action: utter_booked}]
- rule: Chat
  steps: [{intent: chat}, {action: utter_small_talk}]
"""


class NoActions:
    """This assistant has no custom action, so nothing may be called."""

    def run(self, name: str, tracker_state: object, domain: object) -> ActionResult:
        raise AssertionError(f"{name} was called with {tracker_state} and {domain}")


@pytest.fixture
def travel(tmp_path: Path) -> Chat:
    (tmp_path / "domain.yml").write_text(TRAVEL, encoding="utf-8")
    return Chat(Assistant.load(tmp_path, languages=()), NoActions())


def test_an_entity_that_fits_two_slots_goes_to_the_one_asked_for(travel: Chat) -> None:
    assert travel.says("a trip", "book") == ["From where?"]
    assert travel.says("Bonn", city="Bonn") == ["To where?"]
    assert travel.says("Rome", city="Rome") == ["Which class?"]


def test_free_text_fills_only_the_slot_asked_for_and_only_with_what_it_can_be(travel: Chat) -> None:
    travel.says("a trip", "book")
    travel.says("Bonn", city="Bonn")
    travel.says("Rome", city="Rome")
    assert travel.says("the fast one") == ["Sorry, I didn't catch that.", "Which class?"]
    assert travel.says("Second") == ["Any wish?"]
    assert travel.says("a window seat") == ["Bonn to Rome, second, a window seat"]


def test_the_intent_that_opened_the_form_fills_a_slot(travel: Chat) -> None:
    travel.says("first class please", "buy_first_class")
    assert travel.slots["level"] == "first"


def test_an_ignored_intent_fills_no_free_text(travel: Chat) -> None:
    travel.says("first class please", "buy_first_class")
    travel.says("Bonn", city="Bonn")
    assert travel.says("Rome", city="Rome") == ["Any wish?"]
    assert travel.says("lovely day", "chat", 0.7) == ["Nice weather.", "Any wish?"]


def test_slots_outside_any_form_are_filled_by_any_message(travel: Chat) -> None:
    travel.says("Ada is 36", "chat", age="36")
    travel.says("with Ada", "inform", person="Ada")
    assert (travel.slots["age"], travel.slots["travellers"]) == (36.0, ["Ada"])


def test_a_mapping_keeps_out_of_intents_it_does_not_want(travel: Chat) -> None:
    travel.says("Ada says hello", "chat", person="Ada")
    assert travel.slots["travellers"] is None


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("text", 5, "5"),
        ("float", "2.5", 2.5),
        ("float", "many", None),
        ("bool", "true", True),
        ("bool", "perhaps", None),
        ("list", "a", ["a"]),
        ("any", {"a": 1}, {"a": 1}),
    ],
)
def test_a_value_is_taken_in_the_slots_type_or_not_at_all(kind: str, value: Any, kept: Any) -> None:
    assert Slot("s", kind, Place("d.yml", 1)).coerced(value) == kept
