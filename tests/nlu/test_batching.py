"""What several threads ask at the same time is read together, and nobody gets another's answer or error."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from nlu.batching import MOST_TEXTS, Reading, Together, alike
from nlu.interpreter import Interpreter


class Lengths:
    """Reads a text's length; a reading waits until the door is open, and a text "bad" cannot be read."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.door = threading.Event()
        self.came = threading.Semaphore(0)

    def __call__(self, texts: Sequence[str]) -> Reading:
        self.batches.append(list(texts))
        self.came.release()
        assert self.door.wait(10)
        if "bad" in texts:
            raise ValueError("bad")
        rows = np.array([[len(text)] for text in texts], dtype=np.float32)
        return Reading(rows, rows, rows)


def ask(together: Together, texts: Sequence[str]) -> list[float]:
    return [float(row[0]) for row in together.read(texts).intent_logits]


def asked_at_once(read: Lengths, asked: Sequence[Sequence[str]]) -> list[Callable[[], list[float]]]:
    """The answers to requests that came while the first of them was being read."""
    together = Together(read, places=1)
    with ThreadPoolExecutor(len(asked)) as threads:
        futures = [threads.submit(ask, together, asked[0])]
        assert read.came.acquire(timeout=10)
        for number, texts in enumerate(asked[1:], start=1):
            futures.append(threads.submit(ask, together, texts))
            while len(together._line) < number:
                time.sleep(0.001)
        read.door.set()
    return [future.result for future in futures]


def test_who_comes_alone_is_read_at_once() -> None:
    read = Lengths()
    read.door.set()
    together = Together(read, places=1)
    assert [ask(together, ["a"]), ask(together, ["bb", "ccc"]), ask(together, [])] == [[1], [2, 3], []]
    assert read.batches == [["a"], ["bb", "ccc"], []]


def test_those_who_wait_are_read_together_and_each_gets_its_own() -> None:
    read = Lengths()
    answers = asked_at_once(read, [["first"], ["abc"], ["abcd", "abcde"], ["ab"]])
    assert [answer() for answer in answers] == [[5], [3], [4, 5], [2]]
    assert read.batches == [["first"], ["abc", "abcd", "abcde", "ab"]]


def test_a_long_text_is_not_padded_onto_short_ones() -> None:
    read = Lengths()
    answers = asked_at_once(read, [["first"], ["abc"], ["x" * 100], ["abcd"]])
    assert [answer() for answer in answers] == [[5], [3], [100], [4]]
    assert read.batches == [["first"], ["abc", "abcd"], ["x" * 100]]


def test_a_batch_is_bounded() -> None:
    read = Lengths()
    answers = asked_at_once(read, [["first"], *([f"{number:03}"] for number in range(MOST_TEXTS + 5))])
    assert [answer() for answer in answers] == [[5], *[[3]] * (MOST_TEXTS + 5)]
    assert [len(batch) for batch in read.batches] == [1, MOST_TEXTS, 5]


def test_an_error_reaches_only_the_one_whose_text_it_is() -> None:
    read = Lengths()
    answers = asked_at_once(read, [["first"], ["abc"], ["bad"], ["ab"]])
    with pytest.raises(ValueError, match="bad"):
        answers[2]()
    assert [answers[number]() for number in (0, 1, 3)] == [[5], [3], [2]]


def test_an_error_leaves_the_place_to_others() -> None:
    read = Lengths()
    read.door.set()
    together = Together(read, places=1)
    for _ in range(3):
        with pytest.raises(ValueError, match="bad"):
            together.read(["bad"])
    assert ask(together, ["fine"]) == [4]


def test_many_threads_get_what_is_theirs() -> None:
    read = Lengths()
    read.door.set()
    together = Together(read, places=2)
    asked = [["x" * (1 + number % 90)] for number in range(2_000)]
    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(lambda texts: ask(together, texts), asked)) == [[len(texts[0])] for texts in asked]
    assert sum(map(len, read.batches)) == 2_000


MESSAGES = (
    "I would like to cancel my order from last week",
    "where is my parcel",
    "do you ship abroad, and what does it cost?",
    "that is the worst shop I have ever ordered from",
    "我想取消上周下的订单",
    "退货运费谁出",
    "怎么还没到，气死我了",
)


def test_the_default_model_reads_a_message_among_others_as_it_does_alone() -> None:
    interpreter = Interpreter.load()
    alone = [interpreter.parse(message) for message in MESSAGES]
    with ThreadPoolExecutor(8) as threads:
        for number, among in enumerate(threads.map(interpreter.parse, MESSAGES * 6)):
            before = alone[number % len(MESSAGES)]
            assert among.intent.name == before.intent.name
            assert among.intent.confidence == pytest.approx(before.intent.confidence, abs=0.005)
            assert among.sentiment.label == before.sentiment.label
            assert np.dot(among.embedding, before.embedding) > 0.9999


def test_a_message_and_its_clauses_are_padded_apart() -> None:
    assert alike(["x" * 200, "y" * 30, "ok", "z" * 40, "w" * 180]) == [[2, 1, 3], [4, 0]]
    assert alike([]) == []


def test_answers_stand_where_their_texts_stood() -> None:
    encoder = Interpreter.load()._encoders["en"]
    long = "I ordered a jacket two weeks ago and it arrived with a broken zip, so I wonder what you can do for me now"
    together = encoder.read([long, "ok", long + " please", "cancel it"])
    for row, text in enumerate([long, "ok", long + " please", "cancel it"]):
        assert np.abs(encoder.read([text]).intent_logits[0] - together.intent_logits[row]).max() < 0.02
