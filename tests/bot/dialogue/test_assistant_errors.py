"""A broken assistant is refused as a whole, with file, line and the way out."""

from pathlib import Path

import pytest

from bot.action_runner import LocalActionRunner
from bot.dialogue.assistant import Assistant, AssistantError
from bot.dialogue.engine import DialogueEngine
from tests.bot.dialogue.chat import SAMPLE_ACTIONS

GOOD = """\
version: "3.1"
intents: [greet, order]
entities: [number]
slots:
  number: {type: text, mappings: [{type: from_entity, entity: number}]}
forms:
  order_form: {required_slots: [number]}
responses:
  utter_greet: [{text: Hello}]
  utter_ask_number: [{text: Which?}]
actions: [action_order]
rules:
- rule: Greet
  steps: [{intent: greet}, {action: utter_greet}]
- rule: Order
  steps: [{intent: order}, {action: order_form}, {active_loop: order_form}]
"""


def load(directory: Path, text: str, *languages: str) -> Assistant:
    (directory / "domain.yml").write_text(text, encoding="utf-8")
    return Assistant.load(directory, languages=languages)


def problems(directory: Path, text: str, *languages: str) -> str:
    with pytest.raises(AssistantError) as error:
        load(directory, text, *languages)
    return str(error.value)


def test_a_good_assistant_loads(tmp_path: Path) -> None:
    assistant = load(tmp_path, GOOD)
    assert (len(assistant.rules.rules), assistant.forms["order_form"].required_slots) == (2, ("number",))
    assert assistant.domain_dict()["forms"] == {"order_form": {"required_slots": ["number"]}}


@pytest.mark.parametrize(
    ("added", "complaint"),
    [
        (
            "stories: []",
            "domain.yml:17: key 'stories' of an assistant's file is not supported; Kefu follows rules only",
        ),
        ("policies: []", "domain.yml:17: key 'policies'"),
        ("moods: []", "domain.yml:17: key 'moods' of an assistant's file is not supported; read here: actions"),
        ("session_config: {expire: 3}", "domain.yml:17: key 'expire' of session_config"),
        ("session_config: {session_expiration_time: soon}", "a number of minutes"),
    ],
)
def test_an_unsupported_key_is_an_error_with_the_way_out(tmp_path: Path, added: str, complaint: str) -> None:
    assert complaint in problems(tmp_path, GOOD + added)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("{intent: greet}", "{intent: hello}", "domain.yml:13: rule 'Greet' names intent 'hello'"),
        ("{action: utter_greet}", "{action: utter_hi}", "domain.yml:14: rule 'Greet' says 'utter_hi'"),
        ("{action: utter_greet}", "{action: action_hi}", "domain.yml:14: rule 'Greet' runs 'action_hi'"),
        ("{action: utter_greet}", "{action: action_back}", "cannot be taken back"),
        ("{active_loop: order_form}", "{active_loop: a_form}", "rule 'Order' names form 'a_form'"),
        ("{active_loop: order_form}", "{checkpoint: here}", "domain.yml:16: key 'checkpoint' of a step"),
        ("{active_loop: order_form}", "{intent: greet}", "has an intent in its middle"),
        ("required_slots: [number]", "required_slots: [colour]", "domain.yml:7: form 'order_form' names slot 'colour'"),
        ("required_slots: [number]", "required_slots: [number], gives_way_to: a_form", "gives way to 'a_form'"),
        ("utter_ask_number", "utter_please", "form 'order_form' cannot ask for 'number'"),
        ("entity: number}]", "entity: digits}]", "domain.yml:5: slot 'number' is filled from entity 'digits'"),
        ("type: text", "type: string", "domain.yml:5: slot 'number' has type 'string'"),
        ("type: from_entity", "type: from_mind", "is mapped 'from_mind'"),
        ("text: Hello", "text: 'Hello {name}'", "domain.yml:9: 'utter_greet' has a placeholder {name} that is no slot"),
        ("text: Hello", "text: Hello, quick_replies: []", "use buttons"),
        ("text: Hello", "text: Hello, condition: [{type: slot, name: mood, value: 1}]", "names slot 'mood'"),
        ("text: Hello", "channel: web", "says nothing"),
        ('version: "3.1"', 'version: "2.0"', "domain.yml:1: version 2.0 is not Rasa 3"),
        ("actions: [action_order]", "actions: [utter_thanks]", "domain.yml:11: action 'utter_thanks' has no response"),
        ("intents: [greet, order]", "intents: [greet, order", "not valid YAML"),
        (
            "- rule: Order",
            "- rule: Greet twice\n  steps: [{intent: greet}, {action: action_order}]\n- rule: Order",
            "contradicts",
        ),
    ],
)
def test_what_does_not_fit_is_named_with_its_line(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in GOOD
    assert complaint in problems(tmp_path, GOOD.replace(old, new))


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    said = problems(tmp_path, GOOD.replace("intent: greet", "intent: hi").replace("type: text", "type: string"))
    assert said.startswith("the assistant has 2 problem(s):")


def test_a_response_must_speak_every_language(tmp_path: Path) -> None:
    said = problems(tmp_path, GOOD, "en", "zh")
    assert "domain.yml:9: response 'utter_greet' has no words in 'zh'; add a variation with condition" in said


def test_a_response_without_words_speaks_every_language(tmp_path: Path) -> None:
    wordless = GOOD.replace("text: Hello", "text: '{number} 👍'").replace("text: Which?", "text: '{number}?'")
    assert load(tmp_path, wordless, "en", "zh")


def test_something_defined_twice_and_differently_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "more.yml").write_text("slots: {number: {type: any, mappings: [{type: custom}]}}", encoding="utf-8")
    assert "more.yml:1: 'number' in slots is defined otherwise at domain.yml:5" in problems(tmp_path, GOOD)


def test_training_examples_are_left_to_the_trainer(tmp_path: Path) -> None:
    for name in ("nlu", "sentiment"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "greet.yml").write_text("nlu: [{intent: unheard_of}]\nwhatever: 1", encoding="utf-8")
    assert load(tmp_path, GOOD + "nlu: [{intent: greet, examples: '- hi'}]")


def test_yes_and_no_are_words_as_in_yaml_1_2(tmp_path: Path) -> None:
    assistant = load(tmp_path, GOOD.replace("[greet, order]", "[greet, order, yes, no]"))
    assert {"yes", "no"} <= assistant.intents


def test_another_text_is_another_version(tmp_path: Path) -> None:
    first = load(tmp_path, GOOD).version
    assert load(tmp_path, GOOD.replace("Hello", "Hello!")).version != first


def test_an_action_without_code_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match=r"domain.yml:11: no code runs action 'action_order'"):
        DialogueEngine(load(tmp_path, GOOD), LocalActionRunner(SAMPLE_ACTIONS))
