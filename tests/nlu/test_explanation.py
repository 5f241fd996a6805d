"""Which words moved a decision: found by leaving them out, and true."""

from pathlib import Path

import pytest

from nlu.components.language import has_han
from nlu.dataset import read_examples
from nlu.explanation import explain, units, without
from nlu.faithfulness import measure_faithfulness
from nlu.interpreter import Interpreter
from nlu.nearest import training_examples

FROZEN = Path(__file__).with_name("frozen")
TEXTS = 210


def test_a_text_is_taken_apart_into_words_and_chinese_characters() -> None:
    text = "把 order #W1 取消, don't wait"
    assert [text[start:end] for start, end in units(text)] == ["把", "order", "#W1", "取", "消", "don't", "wait"]
    assert without("abc def", [(4, 7), (0, 1)]) == "bc "


@pytest.mark.parametrize(
    ("text", "intent", "telling"),
    [
        ("I would like to cancel my order please", "cancel_order", "cancel"),
        ("我想退货，衣服不合身", "return_item", "退"),
    ],
)
def test_the_word_that_carries_the_wish_weighs_most(
    interpreter: Interpreter, text: str, intent: str, telling: str
) -> None:
    explanation = explain(interpreter, text)
    assert explanation.intent == intent == interpreter.parse(text).intent.name
    assert telling in explanation.telling(1)[0].text
    assert all(text[word.start : word.end] == word.text for word in explanation.words)


@pytest.mark.parametrize("text", ["", "   ", "?!", "👍", "a", "退"])
def test_a_text_of_next_to_nothing_is_explained_without_an_error(interpreter: Interpreter, text: str) -> None:
    assert len(explain(interpreter, text).words) <= 1


def test_leaving_out_the_words_it_names_costs_more_than_leaving_out_others(interpreter: Interpreter) -> None:
    """Over frozen sentences of both languages; short ones, for the time it takes."""
    measured = measure_faithfulness(interpreter, frozen_texts())
    assert measured.texts >= 200
    assert measured.told > measured.random
    assert measured.more[0] > 0.1, measured
    assert measured.times[0] > 1.25, measured


def frozen_texts() -> list[str]:
    """As many of either language."""
    texts = [one.text for name in ("en", "zh") for one in read_examples(FROZEN / f"intents_{name}.yml", "nlu")]
    english = [text for text in texts if not has_han(text) and 5 <= len(text.split()) <= 7]
    chinese = [text for text in texts if has_han(text) and 8 <= len(text) <= 10]
    return [*english[: TEXTS // 2], *chinese[: TEXTS // 2]]


YAML = """version: "3.1"
nlu:
- intent: cancel_order
  examples: |
    - cancel my order
    - please stop the order
    - 帮我取消订单
- intent: thank
  examples: |
    - thanks a lot
"""


def test_the_nearest_training_examples_are_found_and_kept(interpreter: Interpreter, tmp_path: Path) -> None:
    data, kept = tmp_path / "nlu", tmp_path / "kept"
    data.mkdir()
    (data / "all.yml").write_text(YAML, "utf-8")
    done: list[int] = []
    for _ in range(2):
        examples = training_examples(interpreter, data, "en", kept, lambda now, _all: done.append(now))
        vector = interpreter.embed(["I want to cancel the order"], "en")[0].tolist()
        first, second = examples.nearest(vector, 2)
        assert (first.text, first.label) == ("cancel my order", "cancel_order") and first.cosine > second.cosine
    assert done == [3]  # read once
    (data / "more.yml").write_text(YAML.replace("thanks a lot", "thank you"), "utf-8")
    assert len(training_examples(interpreter, data, "en", kept).texts) == 6
    [file] = kept.iterdir()
    file.write_bytes(file.read_bytes()[:50])
    assert len(training_examples(interpreter, data, "en", kept).texts) == 6
