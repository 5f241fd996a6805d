"""KEFU_NLU_MAX_ERROR_RATE, from the setting to the dialogue."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.assembly import assemble, dialogue_settings
from bot.settings import Settings
from nlu.errors import PromiseImpossible
from nlu.interpreter import DEFAULT_MODEL, Interpreter
from nlu.metadata import load_metadata
from nlu.risk import Promise


def settings(folder: Path, model: Path, rate: float | None) -> Settings:
    return Settings(database_url=f"sqlite:///{folder}/kefu.db", model_dir=model, nlu_max_error_rate=rate)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """The shipped model, promising 5 % in both languages."""
    folder = shutil.copytree(DEFAULT_MODEL, tmp_path / "model")
    metadata = load_metadata(folder)
    promised = (Promise(0.05, 0.87, 0.6, 300, 6),)
    languages = {name: replace(facts, promises=promised) for name, facts in metadata.languages.items()}
    replace(metadata, languages=languages).save(folder)
    return folder


def test_a_promise_that_the_model_cannot_keep_stops_the_start(tmp_path: Path, model: Path) -> None:
    with pytest.raises(PromiseImpossible, match=r"0\.01 for 'en': the lowest it can promise is 0\.05"):
        assemble(settings(tmp_path, model, 0.01))


def test_a_promise_holds_for_every_message_whatever_it_leads_to(model: Path) -> None:
    interpreter = Interpreter.load(model, max_error_rate=0.05)
    assert interpreter.parse("where is my parcel?").threshold == interpreter.parse("我的快递到哪了").threshold == 0.87
    promising = dialogue_settings(interpreter).at(0.87)
    assert min(promising.lookup_threshold, promising.fallback_threshold) == 0.87


def test_without_a_promise_questions_are_answered_early() -> None:
    usual = dialogue_settings(Interpreter.load())
    assert usual.lookup_threshold < usual.fallback_threshold
