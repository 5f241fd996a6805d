"""Calibration, scope and promises worked out for the shipped graphs, and what they change in serving."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nlu.components.encoder import Encoder
from nlu.components.intents import OUT_OF_SCOPE
from nlu.dataset import Example, load_dataset
from nlu.errors import DatasetError, PromiseImpossible
from nlu.interpreter import DEFAULT_MODEL, Interpreter
from nlu.metadata import LanguageFacts, Metadata, load_metadata
from nlu.risk import Promise
from nlu.scope import SCOPE_FILE, Scope, auroc
from nlu.selection import Chosen, calibrate_on
from nlu.types import Language

FROZEN = Path(__file__).with_name("frozen")


@pytest.fixture(scope="module")
def strangers() -> list[Example]:
    """English sentences of another author: all that are out of scope, a quarter of the others."""
    found = load_dataset(FROZEN, None, "intents_en.yml").intents
    outside = [one for one in found if one.label == OUT_OF_SCOPE]
    return outside + [one for one in found if one.label != OUT_OF_SCOPE][::4]


@pytest.fixture(scope="module")
def shipped() -> Metadata:
    return load_metadata(DEFAULT_MODEL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped model, to be changed."""
    return shutil.copytree(DEFAULT_MODEL, tmp_path_factory.mktemp("models") / "copy")


@pytest.fixture(scope="module")
def chosen(strangers: list[Example], shipped: Metadata, folder: Path) -> Chosen:
    """Worked out on every second of the sentences."""
    english: dict[Language, LanguageFacts] = {"en": shipped.languages["en"]}
    return calibrate_on(strangers[::2], strangers[::4], shipped.intents, english, folder, frozenset())


def test_what_is_worked_out_is_saved_and_serves(chosen: Chosen, shipped: Metadata, folder: Path) -> None:
    languages = {**shipped.languages, **chosen.languages}
    saved = replace(shipped, languages=languages, fallback_threshold=chosen.fallback_threshold).save(folder)
    interpreter = Interpreter.load(folder)
    assert interpreter.metadata == saved
    assert saved.languages["en"].promises
    near, far = (interpreter.parse(text) for text in ("where is my parcel", "write me a poem about the sea"))
    assert near.threshold == far.threshold == chosen.fallback_threshold
    assert (near.out_of_scope_score or 0) < 0.5 < (far.out_of_scope_score or 0)
    assert far.to_rasa()["out_of_scope_score"] == far.out_of_scope_score


def test_the_score_tells_strangers_better_than_the_best_probability(
    chosen: Chosen, strangers: list[Example], folder: Path
) -> None:
    assert set(chosen.languages) == {"en"}
    others = strangers[1::2]
    encoder, scope = Encoder.load(folder / "en", 128), Scope.load(folder / "en" / SCOPE_FILE)
    readings = [encoder.read([one.text]) for one in others]
    logits = np.concatenate([reading.intent_logits for reading in readings])
    vectors = np.concatenate([reading.vectors for reading in readings])
    outside = np.array([one.label == OUT_OF_SCOPE for one in others])
    by_probability = 1 - chosen.languages["en"].calibration.probabilities(logits).max(axis=1)
    assert auroc(scope.score(logits, vectors), outside) > max(0.95, auroc(by_probability, outside) + 0.05)


def promising(shipped: Metadata, english: float, chinese: float) -> Metadata:
    """The shipped model as if these were the strictest rates that it can promise, and 20 % the next."""
    strict = {"en": Promise(english, 0.9, 0.5, 250, 5), "zh": Promise(chinese, 0.95, 0.4, 200, 3)}
    lax = Promise(0.2, 0.3, 0.9, 450, 60)
    languages = {name: replace(facts, promises=(strict[name], lax)) for name, facts in shipped.languages.items()}
    return replace(shipped, languages=languages)


def test_the_threshold_of_the_promised_rate_is_served_by_language(shipped: Metadata, folder: Path) -> None:
    promising(shipped, 0.05, 0.08).save(folder)
    interpreter = Interpreter.load(folder, max_error_rate=0.1)
    assert interpreter.parse("where is my parcel?").threshold == 0.9
    assert interpreter.parse("我的快递到哪了").threshold == 0.95
    assert interpreter.parse("?!").threshold == 0.9
    assert Interpreter.load(folder, max_error_rate=0.5).threshold("zh") == 0.3


def test_a_rate_that_one_language_cannot_keep_is_refused_with_the_lowest(shipped: Metadata, folder: Path) -> None:
    promising(shipped, 0.05, 0.08).save(folder)
    with pytest.raises(PromiseImpossible, match=r"0\.06 for 'zh': the lowest it can promise is 0\.08"):
        Interpreter.load(folder, max_error_rate=0.06)


def test_a_label_that_the_model_does_not_know_is_named_with_its_place(shipped: Metadata, tmp_path: Path) -> None:
    strange = [Example("fly me to the moon", "book_flight", "mine.yml:3")]
    with pytest.raises(DatasetError, match=r"mine\.yml:3: the model has no intent 'book_flight'"):
        calibrate_on(strange, [], shipped.intents, shipped.languages, tmp_path, frozenset())


def test_a_model_without_such_an_intent_says_out_of_scope_by_its_score(shipped: Metadata, folder: Path) -> None:
    names = tuple("elsewhere" if name == OUT_OF_SCOPE else name for name in shipped.intents)
    Scope(np.array([0, 1, 0, 0, 0], np.float32), 30.0, 0.9).save(folder / "en" / SCOPE_FILE)
    replace(shipped, intents=names).save(folder)
    read = Interpreter.load(folder).parse("where is my parcel?")
    assert read.intent.name == OUT_OF_SCOPE
    assert read.intent.confidence == read.out_of_scope_score
    assert sum(guess.confidence for guess in read.intents) == pytest.approx(1, abs=1e-3)
