"""The shipped model, for real: what a customer types and what Kefu makes of it."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from nlu.errors import ModelIncompatible, ModelNotFound
from nlu.interpreter import DEFAULT_MODEL, Interpreter
from tests.parquet import read_column

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "language", "intent"),
    [
        ("where is my order #W2378156?", "en", "track_order"),
        ("cancel my order please", "en", "cancel_order"),
        ("I want to return the shoes", "en", "return_item"),
        ("let me talk to a real person", "en", "human_handoff"),
        ("thank you so much", "en", "thank"),
        ("我的快递到哪了", "zh", "track_order"),
        ("帮我取消订单", "zh", "cancel_order"),
        ("我要退货", "zh", "return_item"),
        ("转人工", "zh", "human_handoff"),
        ("谢谢", "zh", "thank"),
        ("我的 order 到哪了", "zh", "track_order"),
        ("我的訂單到哪裡了", "zh", "track_order"),
    ],
)
def test_common_requests_are_understood(interpreter: Interpreter, text: str, language: str, intent: str) -> None:
    read = interpreter.parse(text)
    assert (read.language, read.intent.name) == (language, intent)
    assert read.intent.confidence >= interpreter.fallback_threshold


def test_confidences_are_a_ranked_distribution(interpreter: Interpreter) -> None:
    confidences = [guess.confidence for guess in interpreter.parse("is it blue or what").intents]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    "text",
    ["", "   ", "\n\t", "😀😡", "\x00\x01\x1b", "\ud83d\ud800", "\u200b", "?!…", "。。。", "\u202e\ufeff"],
)  # fmt: skip
def test_nothing_said_is_out_of_scope_without_confidence(interpreter: Interpreter, text: str) -> None:
    read = interpreter.parse(text)
    assert read.intent.name == "out_of_scope"
    assert read.intent.confidence < interpreter.fallback_threshold
    read.text.encode("utf-8")


def test_a_lone_surrogate_inside_a_sentence_is_replaced_and_read(interpreter: Interpreter) -> None:
    read = interpreter.parse("cancel my order \ud800 please")
    assert read.intent.name == "cancel_order"
    read.text.encode("utf-8")


def test_a_megabyte_is_read_in_no_time(interpreter: Interpreter) -> None:
    for text in ("where is my order " * 60_000, "我的订单到哪了" * 150_000, "1" * 1_000_000):
        interpreter.parse(text[:100])
        started = time.process_time()
        interpreter.parse(text)
        assert time.process_time() - started < 0.05


def test_every_naughty_string_is_read(interpreter: Interpreter, shared_data: Path) -> None:
    texts = read_column(shared_data / "adversarial" / "naughty_strings.parquet", "text")
    assert len(texts) > 400
    for text in texts:
        read = interpreter.parse(text)
        assert all(read.text[e.start : e.end] == e.text for e in read.entities)


def test_entities_keep_their_place_in_the_original_text(interpreter: Interpreter) -> None:
    text = "訂單Ｗ２３７８１５６裡的機械鍵盤換成藍色，昨天到的"
    read = interpreter.parse(text, NOW)
    found = {e.name: (e.value, text[e.start : e.end]) for e in read.entities}
    assert found["order_number"] == ("#W2378156", "Ｗ２３７８１５６")
    assert found["product"] == ("机械键盘", "機械鍵盤")
    assert found["date"] == ("2026-11-19", "昨天")


def test_a_number_alone_is_in_the_conversations_language(interpreter: Interpreter) -> None:
    assert interpreter.parse("#W2378156", hint="zh").language == "zh"
    assert interpreter.parse("#W2378156").language == "en"


def test_a_chinese_product_in_an_english_question_leaves_it_english(interpreter: Interpreter) -> None:
    assert interpreter.parse("do you sell 保温杯?").language == "en"


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("this is outrageous, worst shop ever, I am furious", "negative"),
        ("where is my order", "neutral"),
        ("I love it, you guys are amazing, thank you!", "positive"),
        ("气死我了，什么垃圾店", "negative"),
        ("我的订单到哪了", "neutral"),
        ("太棒了，非常满意，谢谢你们", "positive"),
    ],
)
def test_the_mood_is_heard(interpreter: Interpreter, text: str, mood: str) -> None:
    sentiment = interpreter.parse(text).sentiment
    assert sentiment.label == mood
    assert {
        "negative": sentiment.score < -0.2,
        "neutral": abs(sentiment.score) < 0.6,
        "positive": sentiment.score > 0.2,
    }[mood]


@pytest.mark.parametrize(
    ("text", "intents", "numbers"),
    [
        (
            "cancel order #W1234567 and where is my order #W7654321?",
            ["cancel_order", "track_order"],
            ["#W1234567", "#W7654321"],
        ),
        ("我要退货，另外发票怎么开", ["return_item", "request_invoice"], []),
    ],
)
def test_two_requests_come_as_two_segments(
    interpreter: Interpreter, text: str, intents: list[str], numbers: list[str]
) -> None:
    segments = interpreter.parse(text).segments
    assert [segment.intent.name for segment in segments] == intents
    for segment in segments:
        assert segment.text in text
        assert all(segment.text[e.start : e.end] == e.text for e in segment.entities)
    assert [e.value for segment in segments for e in segment.entities if e.name == "order_number"] == numbers


@pytest.mark.parametrize(
    "text",
    [
        "I'm John Smith, zip 12345, I want to cancel order #W1234567",
        "cancel my order because I found it cheaper, and I don't need it anymore",
        "Hi there! Could you tell me where my parcel is? Thanks a lot.",
        "您好，我叫王小明，邮编100080，我想取消订单",
        "我想退货，因为尺码不对，穿不了",
    ],
)
def test_one_request_with_details_stays_whole(interpreter: Interpreter, text: str) -> None:
    assert interpreter.parse(text).segments == ()


def test_embeddings_are_unit_rows_in_the_space_of_parse(interpreter: Interpreter) -> None:
    rows = interpreter.embed(["how long does shipping take", "our returns policy"], "en")
    assert rows.shape == (2, 384) and rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)
    asked = np.array(interpreter.parse("how long does shipping take").embedding)
    assert float(asked @ rows[0]) > 0.98
    assert interpreter.embed([], "zh").shape == (0, 312)


@pytest.mark.parametrize(
    ("language", "question", "right", "wrong"),
    [
        ("en", "how do I clean a cast iron pan", "Cast iron: no soap, dry, oil.", "We ship to 40 countries."),
        ("zh", "羊毛衫怎么洗", "羊毛衫的洗涤：冷水手洗，平铺晾干。", "我们支持货到付款。"),
    ],
)  # fmt: skip
def test_the_retrieval_vector_finds_the_article_that_answers(
    interpreter: Interpreter, language: str, question: str, right: str, wrong: str
) -> None:
    assert language in ("en", "zh")
    asked = np.array(interpreter.parse(question).embedding)
    scores = interpreter.embed([right, wrong], "en" if language == "en" else "zh") @ asked
    assert scores[0] > scores[1]


def test_threads_share_one_interpreter(interpreter: Interpreter) -> None:
    """Texts that arrive together share a forward pass, which may move the last digits of a confidence."""
    texts = ["cancel my order", "帮我取消订单", "where is #W2378156", "转人工"] * 10
    alone = [interpreter.parse(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(interpreter.parse, texts))
    assert [(one.text, one.intent.name, one.sentiment.label, one.entities) for one in together] == [
        (one.text, one.intent.name, one.sentiment.label, one.entities) for one in alone
    ]
    assert [one.intent.confidence for one in together] == pytest.approx(
        [one.intent.confidence for one in alone], abs=1e-3
    )


def test_serving_imports_no_training_library() -> None:
    code = (
        "import sys; from nlu.interpreter import Interpreter; Interpreter.load().parse('hello');"
        "print([m for m in ('torch', 'transformers', 'sklearn', 'pandas', 'yaml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_missing_or_foreign_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="kefu train"):
        Interpreter.load(tmp_path)
    (tmp_path / "metadata.json").write_text('{"format": 0}', "utf-8")
    with pytest.raises(ModelIncompatible, match="kefu train"):
        Interpreter.load(tmp_path)


def test_the_shipped_model_is_small_and_documented() -> None:
    files = [file for file in DEFAULT_MODEL.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < 40_000_000
    assert {"metadata.json", "MODEL_CARD.md"} <= {file.name for file in files}
