"""Tuning an encoder, on toys made for the purpose: from labelled texts to the int8 graph that serves."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="tuning needs the 'train' extra")

import torch

from nlu.classification.classifier import TextClassifier
from nlu.classification.encoders import Workshop, find_workshop
from nlu.classification.exporting import save_reader, save_sentence_encoder
from nlu.classification.fitting import fit
from nlu.classification.graph import Graph
from nlu.classification.learners import TuneEncoder
from nlu.classification.network import SentenceVector
from nlu.classification.pretrained import load_pretrained
from nlu.classification.recipe import Recipe, recipe_for
from nlu.classification.texts import LabelledTexts
from nlu.classification.tuning import TunedReader, contrast, tune
from nlu.components.encoder import token_batch
from nlu.errors import EncoderNotFound

SHORT = Recipe(epochs=12, learning_rate=2e-3, batch_size=16, contrast_weight=0.5)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Toys are too small to be shared by threads."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def quietly(*_: object) -> None:
    """No progress bar."""


def tuned(encoders: Path, examples: LabelledTexts, recipe: Recipe = SHORT) -> TunedReader:
    labels = examples.indices(examples.names)
    return tune(encoders / "all-minilm-l6-v2", examples.texts, labels, len(examples.names), recipe, quietly)


def test_an_encoder_learns_the_labels_and_the_graph_says_the_same(
    encoders: Path, english: LabelledTexts, tmp_path: Path
) -> None:
    reader = tuned(encoders, english)
    labels = english.indices(english.names)
    logits, vectors = reader.read(english.texts)
    assert (logits.argmax(1) == labels).mean() > 0.9
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert save_reader(reader, tmp_path / "graph", english.texts, labels)
    served, placed = Graph.load(tmp_path / "graph").run(english.texts, ("logits", "vector"))
    assert (served.argmax(1) == logits.argmax(1)).mean() > 0.95
    assert (placed * vectors).sum(1).min() > 0.97


def test_a_graph_that_int8_would_spoil_is_kept_in_fp32(
    encoders: Path, english: LabelledTexts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = tuned(encoders, english)
    labels = english.indices(english.names)
    save_reader(reader, tmp_path / "int8", english.texts, labels)
    monkeypatch.setattr("nlu.classification.exporting.MOST_LOST", -1.0)
    assert not save_reader(reader, tmp_path / "fp32", english.texts, labels)
    size = {name: (tmp_path / name / "model.onnx").stat().st_size for name in ("int8", "fp32")}
    assert size["fp32"] > 1.2 * size["int8"]
    assert np.allclose(
        Graph.load(tmp_path / "fp32").run(english.texts, ("logits",))[0], reader.read(english.texts)[0], atol=0.1
    )


def test_the_same_seed_gives_the_same_network(encoders: Path, english: LabelledTexts) -> None:
    one, other = (tuned(encoders, english, replace(SHORT, epochs=2)) for _ in range(2))
    assert np.array_equal(one.read(english.texts)[0], other.read(english.texts)[0])


def test_a_classifier_is_tuned_for_both_languages(encoders: Path, both: LabelledTexts, tmp_path: Path) -> None:
    learners = {
        language: (replace(tuning, recipe=lambda _: SHORT), *others)
        for language, (tuning, *others) in find_workshop(encoders).learners.items()
        if isinstance(tuning, TuneEncoder)
    }
    facts = fit(both, both, Workshop(dict(learners), "toys"), tmp_path / "model", quietly).facts
    assert {language: route.readers for language, route in facts.routes.items()} == {
        "en": ("tuned", "words"),
        "zh": ("tuned", "frozen", "words"),
    }
    assert facts.notes == ("the shipped encoder was read too, as it is",)
    read = TextClassifier.load(tmp_path / "model").predict(both.texts)
    assert np.mean([one == other for one, other in zip(read.labels, both.labels, strict=True)]) > 0.9


def test_a_pretrained_encoder_is_frozen_into_a_graph_for_every_length(encoders: Path, tmp_path: Path) -> None:
    texts = ("取消", "包裹到了吗包裹到了吗包裹到了吗", "我的货在哪")
    pretrained = load_pretrained(encoders / "simbert-tiny-zh", 32)
    save_sentence_encoder(pretrained, tmp_path / "graph", 32)
    ids, mask = token_batch(pretrained.tokenizer, texts)
    with torch.inference_mode():
        wanted = SentenceVector(pretrained).eval()(torch.from_numpy(ids), torch.from_numpy(mask)).numpy()
    read = Graph.load(tmp_path / "graph").run(texts, ("vector",))[0]
    assert np.allclose(np.linalg.norm(read, axis=1), 1, atol=1e-4)
    assert (read * wanted).sum(1).min() > 0.999


def test_texts_of_one_label_are_drawn_together() -> None:
    labels = torch.tensor([0, 0, 1, 1])
    near = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    crossed = near[torch.tensor([0, 2, 1, 3])]
    assert contrast(near, labels) < contrast(crossed, labels)
    assert contrast(near, torch.tensor([0, 1, 2, 3])) == 0


def test_an_encoder_with_a_part_missing_is_refused(encoders: Path) -> None:
    from safetensors.torch import load_file, save_file

    file = encoders / "all-minilm-l6-v2" / "model.safetensors"
    weights = load_file(file)
    save_file({name: tensor for name, tensor in weights.items() if "layer.1" not in name}, file)
    with pytest.raises(
        EncoderNotFound, match=r"does not hold a whole bert encoder \(encoder\.layer\.1\S* is missing\)"
    ):
        load_pretrained(encoders / "all-minilm-l6-v2", 32)
    file.unlink()
    with pytest.raises(
        EncoderNotFound, match=r"model\.safetensors is missing; get the encoders with `kefu encoders fetch`"
    ):
        load_pretrained(encoders / "all-minilm-l6-v2", 32)


def test_the_work_stays_in_bounds_whatever_the_size() -> None:
    assert recipe_for(100).epochs >= recipe_for(10_000).epochs >= recipe_for(90_000).epochs >= 1
    assert all(recipe_for(rows).epochs * rows <= 200_000 for rows in (50, 1_000, 10_000, 45_000, 90_000))
