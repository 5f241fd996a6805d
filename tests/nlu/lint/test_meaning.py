"""What needs the encoder: near-duplicates, doubtful examples, confusable labels."""

import pytest

from nlu.dataset import Example
from nlu.interpreter import Interpreter
from nlu.lint.finding import Finding
from nlu.lint.likeness import overlap
from nlu.lint.linting import lint

CANCEL = ("cancel my order", "please take my order off", "I want the order stopped", "undo the purchase for me")
TRACK = ("where is my parcel", "has it been shipped yet", "when does the box arrive", "track my delivery please")


def examples(**texts: tuple[str, ...]) -> list[Example]:
    return [Example(text, label, f"{label}.yml:{n}") for label, said in texts.items() for n, text in enumerate(said)]


@pytest.fixture(scope="module")
def model() -> Interpreter:
    return Interpreter.load()


def of(kind: str, found: list[Finding]) -> list[tuple[str, ...]]:
    return [tuple(example.text for example in finding.examples) for finding in found if finding.kind == kind]


def test_one_request_in_two_wordings_under_two_labels_is_a_near_duplicate(model: Interpreter) -> None:
    data = examples(
        cancel_order=CANCEL, track_order=(*TRACK, "can you cancel my order pls"), stop=("cancel my orders",)
    )
    pairs = of("near_duplicate", lint(data, embed=model.embed, thin=1))
    assert ("cancel my order", "cancel my orders") in pairs


def test_yes_and_no_are_no_near_duplicates(model: Interpreter) -> None:
    data = examples(cancel_order=(*CANCEL, "取消这个订单吧"), deny=("do not cancel my order", "别取消这个订单"))
    assert of("near_duplicate", lint(data, embed=model.embed, thin=1)) == []


def test_a_sentence_that_stands_among_strangers_is_doubtful_and_the_labels_confusable(model: Interpreter) -> None:
    more = tuple(
        f"cancel order {word}" for word in ("now", "today", "again", "fast", "at once", "quickly", "right away")
    )
    late = ("where is my package now", "where is my parcel today", "where is the parcel", "where are my parcels")
    data = examples(cancel_order=CANCEL + more, track_order=(*TRACK, *late, "cancel order immediately"))
    found = lint(data, embed=model.embed, thin=1)
    assert ("cancel order immediately",) in of("doubtful", found)
    assert all(finding.advice for finding in found)


def test_likeness_counts_the_words_that_matter() -> None:
    assert overlap("please cancel my order", "cancel the order") == 1.0
    assert overlap("麻烦帮我开一下发票", "开发票") < 1.0  # three characters: every one counts
    assert overlap("麻烦帮我开一下增值税发票", "请开增值税发票") == 1.0
    assert overlap("👍", "👎") < 1.0
