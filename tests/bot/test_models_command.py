"""`kefu models`: list, show, add, compare, promote and roll back, as typed in a terminal; and `kefu train` into it."""

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import build
from nlu.errors import PromiseImpossible
from nlu.interpreter import DEFAULT_MODEL
from nlu.metadata import load_metadata
from nlu.registry import DEFAULT, Registry

SENTENCES = """nlu:
- intent: cancel_order
  examples: |
    - cancel my order
    - 取消订单
- intent: greet
  examples: |
    - hello
    - 你好
"""


class Terminal:
    """The command on a models folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.registry = Registry(folder / "models", DEFAULT_MODEL)
        self._sets = folder / "sets"
        self._sets.mkdir()
        (self._sets / "intents.yml").write_text(SENTENCES, "utf-8")
        self._variables = {"KEFU_MODELS": str(self.registry.root)}

    def kefu(self, *arguments: str) -> Result:
        return CliRunner(env={**self._variables, "COLUMNS": "200"}).invoke(build(), arguments)

    def models(self, *arguments: str) -> Result:
        return self.kefu("models", *arguments)

    def judged(self, *arguments: str) -> Result:
        """On a handful of sentences."""
        sets = str(self._sets)
        return self.models(*arguments, "--data", sets, "--frozen", sets, "--named", sets)


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def confused(terminal: Terminal) -> str:
    """A model that takes cancelling and tracking for each other."""
    metadata = load_metadata(DEFAULT_MODEL)
    swapped = {"cancel_order": "track_order", "track_order": "cancel_order"}
    intents = tuple(swapped.get(name, name) for name in metadata.intents)
    folder = terminal.registry.folder(terminal.registry.adopt(DEFAULT_MODEL))
    replace(metadata, version="confused", intents=intents).save(folder)
    folder.rename(folder.with_name("confused"))
    return "confused"


def test_a_worse_model_is_refused_with_the_gates_that_fell_and_forced_only_with_a_reason(terminal: Terminal) -> None:
    name = confused(terminal)
    refused = terminal.judged("promote", name)
    assert refused.exit_code == 1
    assert "named sentences" in refused.output and "is no longer cancel_order" in refused.output
    assert terminal.registry.current == DEFAULT
    assert "fell: " in terminal.models("list").output
    forced = terminal.judged("promote", name, "--force", "a drill")
    assert (forced.exit_code, terminal.registry.current) == (0, name)
    shown = terminal.models("show", "current").output
    assert "promoted, forced: a drill" in shown and "| named sentences |" in shown
    back = terminal.models("rollback")
    assert (back.output, terminal.registry.current) == (f"default serves from now on, {name} no longer\n", DEFAULT)


def test_a_model_that_cannot_keep_the_promised_error_rate_is_neither_promoted_nor_gone_back_to(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = terminal.registry.folder(terminal.registry.adopt(DEFAULT_MODEL))
    metadata = load_metadata(DEFAULT_MODEL)
    unsure = {language: replace(facts, promises=()) for language, facts in metadata.languages.items()}
    replace(metadata, version="unsure", languages=unsure).save(folder)
    folder.rename(folder.with_name("unsure"))
    monkeypatch.setenv("KEFU_NLU_MAX_ERROR_RATE", "0.1")
    assert isinstance(terminal.judged("promote", "unsure").exception, PromiseImpossible)
    assert terminal.registry.current == DEFAULT
    terminal.registry.promote("unsure")
    again = terminal.registry.adopt(DEFAULT_MODEL)
    assert terminal.judged("promote", again).exit_code == 0, "the way out of one that cannot"
    assert isinstance(terminal.models("rollback").exception, PromiseImpossible)
    assert terminal.registry.current == again


def test_a_frozen_set_that_is_not_there_is_said(terminal: Terminal, tmp_path: Path) -> None:
    sets = str(tmp_path / "sets")
    nothing = ("--data", sets, "--named", sets, "--frozen", str(tmp_path / "nothing"))
    compared = terminal.models("compare", "default", "default", *nothing)
    assert compared.exit_code == 1
    assert "ask nothing of a frozen set" in compared.output and "no sentence to judge by" in compared.output


def test_a_model_that_is_as_good_is_promoted_and_its_figures_are_kept(terminal: Terminal, tmp_path: Path) -> None:
    metadata = replace(load_metadata(DEFAULT_MODEL), figures={}, version="fresh")
    folder = terminal.registry.folder(terminal.registry.adopt(DEFAULT_MODEL))
    metadata.save(folder)
    added = terminal.models("add", str(folder.rename(tmp_path / "elsewhere")))
    assert "model fresh is in the list" in added.output
    promoted = terminal.judged("promote", "fresh")
    assert (promoted.exit_code, terminal.registry.current) == (0, "fresh"), promoted.output
    kept = load_metadata(terminal.registry.folder("fresh"))
    assert kept.figures["frozen"]["zh"]["accuracy"] == 1.0
    assert all(said["holds"] for said in kept.gates.values())


def test_two_models_are_put_side_by_side_with_the_sentences_that_change(terminal: Terminal) -> None:
    compared = terminal.judged("compare", "default", confused(terminal))
    assert compared.exit_code == 0
    for expected in (
        "frozen, zh: accuracy",
        "calibration error",
        "median, CPU ms",
        "size, MB",
        "broken",
        "cancel my order",
    ):
        assert expected in compared.output


def test_a_name_that_is_not_there_names_those_that_are(terminal: Terminal) -> None:
    result = terminal.models("show", "v9")
    assert result.exit_code != 0
    assert "there is no model 'v9'" in str(result.exception) and "default" in str(result.exception)


def test_an_intent_that_the_domain_does_not_name_stops_training_with_file_and_line(
    terminal: Terminal, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "mine.yml").write_text("nlu:\n- intent: cancel_oder\n  examples: |\n    - stop it\n", "utf-8")
    arguments = ("train", "--frozen", "--data", str(data))
    result = terminal.kefu(*arguments)
    assert result.exit_code == 1
    assert "mine.yml:4: intent 'cancel_oder'" in result.output and "did you mean 'cancel_order'" in result.output
    assert not terminal.registry.root.exists(), "nothing is left of a training run that did not begin"
