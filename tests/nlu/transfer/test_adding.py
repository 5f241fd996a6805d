"""Bitext's utterances beside our own, for training."""

from pathlib import Path

from nlu.dataset import Dataset, Example
from nlu.interpreter import Interpreter
from nlu.transfer.adding import with_bitext
from tests.parquet import write_parquet


def test_only_what_is_covered_new_and_never_counted_is_added(tmp_path: Path) -> None:
    folder = tmp_path / "bitext_intents"
    folder.mkdir()
    learnt = {
        "I want to cancel my order": "cancel_order",
        "please delete it": "delete_account",
        "counted sentence": "track_order",
        "how do I write a review": "review",
        "take me off the newsletter": "newsletter_subscription",
    }
    write_parquet(folder / "train.parquet", {"text": list(learnt), "intent": list(learnt.values())})
    counted = {"text": ["Counted sentence!"], "intent": ["track_order"]}
    write_parquet(folder / "test.parquet", counted)
    write_parquet(folder / "llm27k.parquet", {**counted, "split": ["test"]})
    own = Dataset((Example("Please delete it!", "nevermind", "own.yml:1"),), ())
    both = with_bitext(own, tmp_path, Interpreter.load())
    assert [(example.text, example.label) for example in both.intents[1:]] == [
        ("I want to cancel my order", "cancel_order"),
        ("take me off the newsletter", "newsletter_unsubscribe"),
    ]
