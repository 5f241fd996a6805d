"""Teaching a classifier with what is shipped alone: no torch, no pretrained encoders."""

import json
from pathlib import Path

import numpy as np
import pytest

from nlu.classification.classifier import FILE, TextClassifier
from nlu.classification.encoders import find_workshop
from nlu.classification.fitting import fit
from nlu.classification.texts import LabelledTexts
from nlu.errors import DatasetError, EncoderNotFound, ModelIncompatible, ModelNotFound


@pytest.fixture(autouse=True)
def no_encoders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def quietly(*_: object) -> None:
    """No progress bar."""


def learnt(train: LabelledTexts, out: Path, dev: LabelledTexts | None = None) -> TextClassifier:
    return fit(train, dev, find_workshop(None), out, quietly)


def test_both_languages_are_read_each_by_its_own_encoder(both: LabelledTexts, tmp_path: Path) -> None:
    classifier = learnt(both, tmp_path / "model")
    assert set(classifier.facts.routes) == {"en", "zh"}
    read = classifier.predict(["could you cancel the order", "包裹到哪里了", "1234"])
    assert read.labels[:2] == ["cancel", "track"]
    assert np.allclose(read.probabilities.sum(1), 1, atol=1e-4)
    assert ((read.out_of_scope >= 0) & (read.out_of_scope <= 1)).all()


def test_a_few_texts_of_the_other_language_share_the_encoder(english: LabelledTexts, tmp_path: Path) -> None:
    mixed = LabelledTexts((*english.texts, "取消"), (*english.labels, "cancel"), (*english.where, "row"))
    classifier = learnt(mixed, tmp_path / "model")
    assert list(classifier.facts.routes) == ["en"]
    assert len(classifier.predict(["取消", "cancel"]).labels) == 2


def test_what_is_loaded_reads_like_what_was_learnt(english: LabelledTexts, tmp_path: Path) -> None:
    classifier = learnt(english, tmp_path / "model")
    again = TextClassifier.load(tmp_path / "model")
    texts = ["cancel that please", "weather", ""]
    assert np.array_equal(classifier.predict(texts).probabilities, again.predict(texts).probabilities)
    assert again.predict([]).labels == []


def test_the_same_data_teach_the_same_classifier(english: LabelledTexts, tmp_path: Path) -> None:
    one, other = learnt(english, tmp_path / "one"), learnt(english, tmp_path / "other")
    assert one.facts == other.facts


def test_labels_of_dev_that_training_never_saw_are_no_obstacle(english: LabelledTexts, tmp_path: Path) -> None:
    dev = LabelledTexts(("cancel it", "refund me"), ("cancel", "refund"), ("row 1", "row 2"))
    assert learnt(english, tmp_path / "model", dev).facts.figures["held_out"] == 2


def test_tiny_and_lopsided_data_are_learnt_from(tmp_path: Path) -> None:
    texts = (*(f"order number {n} is late" for n in range(40)), "hello there", "好")
    tiny = LabelledTexts(texts, (*("late",) * 40, "greet", "ok"), texts)
    assert learnt(tiny, tmp_path / "model").predict(["my order is late"]).labels == ["late"]


@pytest.mark.parametrize("labels", [("good", "bad"), ("good", "bad") * 10])
def test_data_that_nothing_can_be_held_out_of_are_learnt_from(labels: tuple[str, ...], tmp_path: Path) -> None:
    texts = ("well done", "a shame") if len(labels) == 2 else ("the same",) * len(labels)
    read = learnt(LabelledTexts(texts, labels, texts), tmp_path / "model").predict(list(dict.fromkeys(texts)))
    assert np.allclose(read.probabilities.sum(1), 1, atol=1e-4)
    if len(labels) == 2:
        assert read.labels == ["good", "bad"]


def test_a_label_of_one_text_costs_the_others_nothing(english: LabelledTexts, tmp_path: Path) -> None:
    lonely = tuple(f"a thing called {name}" for name in ("ash", "birch", "cedar"))
    examples = LabelledTexts(english.texts + lonely, english.labels + lonely, english.where + lonely)
    classifier = learnt(examples, tmp_path / "model")
    assert classifier.predict(lonely).labels == list(lonely)
    assert classifier.predict(["cancel my order please"]).confidences[0] > 0.8


def test_long_and_hostile_texts_are_read(english: LabelledTexts, tmp_path: Path) -> None:
    classifier = learnt(english, tmp_path / "model")
    read = classifier.predict(["cancel " * 5_000, "\x00\ud800\U0001f600", "   ", "[SEP] [CLS]"])
    assert np.isfinite(read.probabilities).all()


def test_one_label_is_nothing_to_learn(tmp_path: Path) -> None:
    one = LabelledTexts(("a", "b"), ("x", "x"), ("row 1", "row 2"))
    with pytest.raises(DatasetError, match="1 labels in the training data; a classifier needs two or more"):
        learnt(one, tmp_path / "model")


def test_doubt_changes_how_sure_it_is_and_never_what_it_names(english: LabelledTexts, tmp_path: Path) -> None:
    plain = learnt(english, tmp_path / "model").predict(english.texts)
    file = tmp_path / "model" / FILE
    facts = json.loads(file.read_text("utf-8"))
    facts["routes"]["en"]["doubt"] = 50.0
    file.write_text(json.dumps(facts), "utf-8")
    doubting = TextClassifier.load(tmp_path / "model").predict(english.texts)
    assert doubting.labels == plain.labels
    assert np.array_equal(doubting.out_of_scope, plain.out_of_scope)
    inside = np.array(plain.labels) != "oos"
    assert (doubting.confidences[inside] < 0.1).all()


def test_a_folder_without_a_whole_classifier_says_what_is_missing(english: LabelledTexts, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="no classifier in"):
        TextClassifier.load(tmp_path)
    learnt(english, tmp_path / "model")
    (tmp_path / "model" / "en" / "words" / "ngrams.npz").unlink()
    with pytest.raises(ModelNotFound, match=r"ngrams\.npz is missing"):
        TextClassifier.load(tmp_path / "model")
    facts = tmp_path / "model" / FILE
    facts.write_text(facts.read_text("utf-8").replace('"format": 1', '"format": 9'), "utf-8")
    with pytest.raises(ModelIncompatible, match="has format 9, this version of Kefu reads 1"):
        TextClassifier.load(tmp_path / "model")
    for broken in ('{"format": 1, "rou', '{"format": 1}', "[]"):
        facts.write_text(broken, "utf-8")
        with pytest.raises(ModelIncompatible, match="is not a whole classifier"):
            TextClassifier.load(tmp_path / "model")


def test_a_named_folder_of_encoders_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(EncoderNotFound, match="nowhere is no folder"):
        find_workshop(tmp_path / "nowhere")
    with pytest.raises(EncoderNotFound, match=r"put all-mpnet-base-v2 .*into a folder"):
        find_workshop(None, best=True)
