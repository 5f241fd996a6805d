"""A model vouches for its files: nothing cut short, changed, added or written by another version is served."""

import gc
import json
import shutil
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nlu.errors import ModelIncompatible, ModelTampered
from nlu.interpreter import DEFAULT_MODEL, Interpreter
from nlu.metadata import FORMAT, load_metadata


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A copy of the shipped model."""
    return Path(shutil.copytree(DEFAULT_MODEL, tmp_path / "model"))


def rewrite(model: Path, change: Callable[[dict[str, Any]], object]) -> None:
    file = model / "metadata.json"
    raw = json.loads(file.read_text("utf-8"))
    change(raw)
    file.write_text(json.dumps(raw), "utf-8")


def test_the_shipped_model_says_where_it_comes_from() -> None:
    metadata = load_metadata(DEFAULT_MODEL)
    assert metadata.origin.created and metadata.origin.code_version and len(metadata.origin.data_sha256) == 64
    assert {"en/model.onnx", "zh/model.onnx", "en/tokenizer.json", "zh/tokenizer.json"} <= metadata.files.keys()


def test_saving_again_changes_nothing_but_what_was_changed(model: Path) -> None:
    before = load_metadata(model)
    assert before.save(model) == before == load_metadata(model)


def test_a_file_that_is_cut_short_is_named(model: Path) -> None:
    file = model / "zh" / "model.onnx"
    file.write_bytes(file.read_bytes()[:-1000])
    with pytest.raises(ModelTampered, match=r"zh.model\.onnx .*sha256 .*kefu models rollback"):
        Interpreter.load(model)


def test_one_changed_byte_is_found(model: Path) -> None:
    file = model / "en" / "model.onnx"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(ModelTampered, match=r"en.model\.onnx"):
        Interpreter.load(model)


def test_a_missing_and_a_smuggled_file_are_named(model: Path) -> None:
    (model / "en" / "extra.npz").write_bytes(b"PK")
    with pytest.raises(ModelTampered, match=r"en.extra\.npz does not belong"):
        Interpreter.load(model)
    (model / "en" / "extra.npz").unlink()
    (model / "en" / "tokenizer.json").unlink()
    with pytest.raises(ModelTampered, match=r"en.tokenizer\.json is missing"):
        Interpreter.load(model)


def test_what_is_written_for_people_may_be_edited(model: Path) -> None:
    (model / "MODEL_CARD.md").write_text("# Ours\n", "utf-8")
    load_metadata(model)


def test_metadata_that_is_cut_short_or_edited_is_not_believed(model: Path) -> None:
    file = model / "metadata.json"
    whole = file.read_text("utf-8")
    rewrite(model, lambda raw: raw.update(fallback_threshold=0.01))
    with pytest.raises(ModelTampered, match=r"metadata\.json was changed"):
        Interpreter.load(model)
    file.write_text(whole[: len(whole) // 2], "utf-8")
    with pytest.raises(ModelTampered, match=r"metadata\.json is cut short"):
        Interpreter.load(model)


@pytest.mark.parametrize(("found", "way_out"), [(1, "kefu train"), (FORMAT + 1, "update Kefu"), (None, "kefu train")])
def test_a_model_of_another_version_names_both_versions_and_the_way_out(
    model: Path, found: int | None, way_out: str
) -> None:
    rewrite(model, lambda raw: raw.update(format=found, origin={"code_version": "7.8"}))
    with pytest.raises(ModelIncompatible, match=rf"format {found}, written by Kefu 7\.8; this is Kefu .*{way_out}"):
        Interpreter.load(model)


def test_a_field_of_a_newer_kefu_is_not_ignored(model: Path) -> None:
    metadata = load_metadata(model)
    rewrite(model, lambda raw: raw.pop("seal"))
    rewrite(model, lambda raw: raw.update(mood_ring="blue"))
    reseal(model)
    with pytest.raises(ModelIncompatible, match=r"'mood_ring' .* newer Kefu"):
        load_metadata(model)
    metadata.save(model)
    load_metadata(model)


def test_a_field_that_an_older_file_lacks_has_its_default(model: Path) -> None:
    rewrite(model, lambda raw: [raw.pop("gates"), raw["languages"]["en"].pop("neutral_lean"), raw.pop("seal")])
    reseal(model)
    metadata = load_metadata(model)
    assert (metadata.gates, metadata.languages["en"].neutral_lean) == ({}, 0.0)


def test_checking_every_file_is_not_felt_at_the_start() -> None:
    best = 9.0
    for _ in range(3):
        started = time.process_time()
        load_metadata(DEFAULT_MODEL)
        best = min(best, time.process_time() - started)
    assert best < 0.15, "seconds of processor; 0.07 on the machine where this was written"


def reseal(model: Path) -> None:
    from nlu.metadata import _seal

    rewrite(model, lambda raw: raw.update(seal=_seal(raw)))


def test_a_model_that_nobody_holds_is_freed_at_once() -> None:
    model = Interpreter.load(DEFAULT_MODEL)
    model.parse("hello")
    encoders = [weakref.ref(encoder) for encoder in model._encoders.values()]
    gc.disable()
    try:
        del model
        assert [encoder() for encoder in encoders] == [None, None], "a circle keeps it, and a swap keeps two models"
    finally:
        gc.enable()
