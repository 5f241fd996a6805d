"""Which variation is said, and how it is filled."""

from itertools import pairwise
from pathlib import Path

from bot.action_runner import LocalActionRunner
from bot.dialogue.assistant import Assistant
from bot.dialogue.responses import Response, parse_response, rendered
from bot.dialogue.yaml_source import Problems, read_yaml
from tests.bot.dialogue.chat import Chat


def greetings(chat: Chat, times: int) -> list[str]:
    chat.says("hello", "greet")
    return [chat.says("hello", "greet")[0] for _ in range(times)]


def test_the_same_variation_is_never_said_twice_in_a_row(chat: Chat) -> None:
    said = greetings(chat, 12)
    assert set(said) == {"Hello!", "Hi there!"}
    assert all(one != next_ for one, next_ in pairwise(said))


def test_a_replay_says_exactly_the_same(sample: Assistant, runner: LocalActionRunner) -> None:
    assert greetings(Chat(sample, runner), 6) == greetings(Chat(sample, runner), 6)


def test_the_channel_has_its_own_variation(sample: Assistant, runner: LocalActionRunner) -> None:
    assert set(greetings(Chat(sample, runner, channel="widget"), 3)) == {"Hey! (widget)"}


def test_the_variation_with_more_conditions_wins(chat: Chat) -> None:
    chat.says("hello", "greet")
    chat.slots["is_vip"] = True
    assert chat.says("hello", "greet") == ["Hello, dear guest!"]


def response(tmp_path: Path, text: str) -> Response:
    path = tmp_path / "r.yml"
    path.write_text(text, encoding="utf-8")
    problems = Problems()
    node = read_yaml(path, "r.yml", problems)
    parsed = parse_response("utter_x", node["utter_x"], problems)
    assert not problems.found
    return parsed


def test_a_missing_value_is_left_out_never_shown_raw(tmp_path: Path) -> None:
    (variation,) = response(tmp_path, "utter_x: [{text: 'Dear {name}, hello {other}'}]").variations
    message, missing = rendered(variation, {"other": "you"}, "en")
    assert (message.text, missing) == ("Dear , hello you", frozenset({"name"}))


def test_a_variation_whose_values_are_all_there_is_preferred(tmp_path: Path) -> None:
    two = response(tmp_path, "utter_x: [{text: 'Dear {name}'}, {text: 'Hello'}]")
    for seed in "abcdef":
        chosen = two.choose({}, "web", seed, None, known=())
        assert chosen is not None and chosen.text == "Hello"


def test_another_language_is_better_than_silence(tmp_path: Path) -> None:
    english = "utter_x: [{text: Hello, condition: [{type: slot, name: language, value: en}]}]"
    chosen = response(tmp_path, english).choose({"language": "zh"}, "web", "a", None)
    assert chosen is not None and chosen.text == "Hello"


def test_lists_numbers_and_buttons_are_filled(tmp_path: Path) -> None:
    text = (
        "utter_x: [{text: '{items}: {price}', buttons: [{title: 'Take {n}', payload: '{n}'}], image: 'http://x/{n}'}]"
    )
    (variation,) = response(tmp_path, text).variations
    message, _ = rendered(variation, {"items": ["灯", "桌"], "price": 3.0, "n": 2}, "zh")
    assert (message.text, message.buttons[0].title, message.buttons[0].payload) == ("灯、桌: 3", "Take 2", "2")
    assert message.image == "http://x/2"


def test_cards_come_out_of_custom(tmp_path: Path) -> None:
    text = "utter_x: [{text: 'Look', custom: {cards: [{title: Lamp, price: '$3'}], note: 1}}]"
    (variation,) = response(tmp_path, text).variations
    message, _ = rendered(variation, {}, "en")
    assert (message.cards[0].title, message.custom) == ("Lamp", {"note": 1})
