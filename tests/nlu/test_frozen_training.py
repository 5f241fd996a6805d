"""A new model on top of the shipped one, from three hundred utterances: its graphs stay, what it knows grows."""

import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from nlu.components.head import HEAD_FILE, Head
from nlu.dataset import Dataset, Example, load_dataset
from nlu.errors import DatasetError, ModelTampered, NluError
from nlu.frozen_training import train_frozen
from nlu.interpreter import DEFAULT_MODEL, Interpreter
from nlu.metadata import load_metadata
from nlu.pipeline import load_pipeline

UTTERANCES = Path(__file__).parents[2] / "bot/assistant/nlu"
KNOWN = ("cancel_order", "track_order", "gift_card_balance", "out_of_scope")
NEW = "engrave_item"
WISHES = [
    "can you engrave {}",
    "i want {} engraved on it",
    "please engrave my ring with {}",
    "how much is an engraving of {}",
    "do you do engravings like {}",
    "could you put an engraving on the back: {}",
]
WISHES_ZH = ["可以刻字吗，刻{}", "我想在背面刻{}", "能帮我刻上{}吗", "刻字刻{}要多少钱", "麻烦刻一下{}", "定制刻字：{}"]
WORDS = ["my name", "a date", "our initials", "two words", "a heart"]
WORDS_ZH = ["名字", "日期", "首字母", "两个字", "一颗心"]


@dataclass(frozen=True)
class Trained:
    folder: Path
    dataset: Dataset
    steps: list[tuple[str, int, int]]


def utterances() -> Dataset:
    everything = load_dataset(UTTERANCES, keep_first=True)
    known = [
        example
        for intent in KNOWN
        for language in ("en", "zh")
        for example in [e for e in everything.intents if e.label == intent and e.language == language][:40]
    ]
    texts = [wish.format(word) for wish in WISHES for word in WORDS]
    texts += [wish.format(word) for wish in WISHES_ZH for word in WORDS_ZH]
    return Dataset((*known, *(Example(text, NEW, "here") for text in texts)), ())


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    steps: list[tuple[str, int, int]] = []
    folder, dataset = tmp_path_factory.mktemp("model"), utterances()
    train_frozen(dataset, DEFAULT_MODEL, folder, load_pipeline(), lambda *step: steps.append(step))
    return Trained(folder, dataset, steps)


@pytest.fixture(scope="module")
def taught(trained: Trained) -> Interpreter:
    return Interpreter.load(trained.folder)


def test_an_intent_that_the_base_never_knew_is_understood_in_both_languages(taught: Interpreter) -> None:
    assert NEW not in load_metadata(DEFAULT_MODEL).intents
    for text in (
        "is it possible to engrave the watch?",
        "I'd love an engraving with my son's name",
        "这个手表能刻字不",
        "想刻个字送人",
    ):
        assert taught.parse(text).intent.name == NEW, text


def test_what_the_base_knew_it_still_knows(taught: Interpreter, trained: Trained) -> None:
    held_out = [example for example in trained.dataset.intents if example.is_held_out]
    right = sum(taught.parse(example.text).intent.name == example.label for example in held_out)
    assert right / len(held_out) > 0.85


def test_graphs_moods_and_vectors_stay_those_of_the_base(
    taught: Interpreter, trained: Trained, interpreter: Interpreter
) -> None:
    for language in ("en", "zh"):
        graph = Path(language) / "model.onnx"
        assert (trained.folder / graph).read_bytes() == (DEFAULT_MODEL / graph).read_bytes()
    for text in ("this is awful, cancel my order", "太好了，谢谢你"):
        assert taught.parse(text).sentiment == interpreter.parse(text).sentiment
        assert taught.parse(text).embedding == interpreter.parse(text).embedding


def test_the_model_says_where_it_comes_from(taught: Interpreter, trained: Trained) -> None:
    metadata = taught.metadata
    assert metadata.intents == trained.dataset.intent_names
    assert metadata.origin.parent == load_metadata(DEFAULT_MODEL).version != metadata.version
    assert metadata.origin.data_sha256 == trained.dataset.sha256
    assert set(metadata.conversational) == {"out_of_scope"}


def test_progress_reaches_its_end_for_everything_that_is_done(trained: Trained) -> None:
    last = {what: (done, total) for what, done, total in trained.steps}
    assert set(last) == {"reading en", "learning en", "reading zh", "learning zh", "choosing the thresholds"}
    assert all(done == total for done, total in last.values())


def test_the_same_data_and_base_give_the_same_model(trained: Trained, tmp_path: Path) -> None:
    again = train_frozen(trained.dataset, DEFAULT_MODEL, tmp_path / "again", load_pipeline(), lambda *_: None)
    assert again.version == load_metadata(trained.folder).version


def test_a_taught_model_can_be_taught_again(trained: Trained, tmp_path: Path) -> None:
    renamed = tuple(replace(e, label="personalise") if e.label == NEW else e for e in trained.dataset.intents)
    metadata = train_frozen(Dataset(renamed, ()), trained.folder, tmp_path / "m", load_pipeline(), lambda *_: None)
    assert "personalise" in metadata.intents
    assert Interpreter.load(tmp_path / "m").parse("能帮我刻上名字吗").intent.name == "personalise"


def test_a_damaged_head_is_refused(trained: Trained, tmp_path: Path) -> None:
    shutil.copytree(trained.folder, tmp_path / "m")
    (tmp_path / "m/en" / HEAD_FILE).write_bytes(b"PK")
    with pytest.raises(ModelTampered, match=r"head\.npz"):
        Interpreter.load(tmp_path / "m")
    with pytest.raises(NluError, match="does not hold the head of a model"):
        Head.load(tmp_path / "m/en" / HEAD_FILE)


def test_the_base_is_never_written_over(trained: Trained) -> None:
    with pytest.raises(NluError, match="is the model to start from"):
        train_frozen(trained.dataset, trained.folder, trained.folder, load_pipeline(), lambda *_: None)


def test_a_language_without_utterances_is_named(trained: Trained, tmp_path: Path) -> None:
    english = Dataset(tuple(e for e in trained.dataset.intents if e.language == "en"), ())
    with pytest.raises(DatasetError, match="too few 'zh' utterances"):
        train_frozen(english, DEFAULT_MODEL, tmp_path, load_pipeline(), lambda *_: None)


def test_the_command_needs_no_torch_and_writes_a_model(trained: Trained, tmp_path: Path) -> None:
    lines = ["nlu:"]
    for intent in trained.dataset.intent_names:
        lines += [f"- intent: {intent}", "  examples: |"]
        lines += [f"    - {example.text}" for example in trained.dataset.intents if example.label == intent]
    (tmp_path / "nlu.yml").write_text("\n".join(lines), "utf-8")
    code = (
        "import sys; sys.modules['torch'] = sys.modules['sklearn'] = sys.modules['scipy'] = None\n"
        "from bot.cli import build; build()()"
    )
    arguments = ["train", "--frozen", "--any-intent", "--base", str(DEFAULT_MODEL), "--data", str(tmp_path / "nlu.yml")]
    run = subprocess.run(
        [sys.executable, "-c", code, *arguments, "--out", str(tmp_path / "model")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert f"{len(trained.dataset.intent_names)} intents" in run.stdout
    assert load_metadata(tmp_path / "model").intents == trained.dataset.intent_names
