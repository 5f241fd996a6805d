"""The models folder: versions side by side, one pointer that is never half written, and the way back."""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from nlu.errors import ModelNotFound, ModelTampered, RegistryError
from nlu.integrity import replacing
from nlu.interpreter import DEFAULT_MODEL
from nlu.metadata import Metadata, load_metadata
from nlu.registry import DEFAULT, Registry


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "models", DEFAULT_MODEL)


def small(metadata: Metadata, folder: Path, content: str = "graph", version: str = "v1") -> Path:
    """A model folder with everything but real graphs: the registry never opens those."""
    (folder / "en").mkdir(parents=True, exist_ok=True)
    (folder / "en" / "model.onnx").write_text(content)
    replace(metadata, version=version).save(folder)
    return folder


@pytest.fixture
def metadata() -> Metadata:
    return load_metadata(DEFAULT_MODEL)


def test_the_model_that_came_with_kefu_serves_until_another_is_promoted(registry: Registry) -> None:
    assert (registry.current, registry.folder("default"), registry.stamp()) == (DEFAULT, DEFAULT_MODEL, ())
    assert [entry.name for entry in registry.entries()] == [DEFAULT]


def test_promotions_and_rollbacks_are_walked_back_in_order(
    registry: Registry, metadata: Metadata, tmp_path: Path
) -> None:
    for version in ("v1", "v2"):
        registry.adopt(small(metadata, tmp_path / version, version, version))
        registry.promote(version, {"accuracy": "held"})
    stamp = registry.stamp()
    assert registry.current == "v2"
    assert [registry.rollback(), registry.current] == ["v1", "v1"]
    assert registry.stamp() != stamp
    registry.promote("v2", forced="v1 misreads returns")
    assert [registry.rollback(), registry.rollback(), registry.current] == ["v1", DEFAULT, DEFAULT]
    with pytest.raises(RegistryError, match="nothing to roll back"):
        registry.rollback()
    told = [(change.did, change.version, change.forced) for change in registry.history()]
    assert told[3] == ("promoted", "v2", "v1 misreads returns")
    assert len(told) == 6


def test_a_model_trained_in_the_folder_is_adopted_with_a_card(registry: Registry, metadata: Metadata) -> None:
    with registry.new() as folder:
        name = registry.adopt(small(metadata, folder))
    assert registry.folder(name).stat().st_mode == registry.root.stat().st_mode, "others may read it too"
    assert [path.name for path in registry.root.iterdir()] == [name]
    card = (registry.folder(name) / "MODEL_CARD.md").read_text("utf-8")
    assert metadata.origin.data_sha256 in card and "| frozen, zh |" in card
    assert load_metadata(registry.folder(name)).version == name


def test_promotions_at_the_same_time_are_all_kept(registry: Registry, metadata: Metadata, tmp_path: Path) -> None:
    versions = [f"v{number}" for number in range(8)]
    for version in versions:
        registry.adopt(small(metadata, tmp_path / version, version, version))
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(registry.promote, versions))
    assert {change.version for change in registry.history()} == set(versions)


def test_a_model_is_replaced_as_a_whole_or_not_at_all(metadata: Metadata, tmp_path: Path) -> None:
    folder = small(metadata, tmp_path / "model", "old")
    (folder / "en" / "head.npz").write_text("of the old graph")
    (folder / "NOTES.md").write_text("by hand")
    replace(metadata, version="v1").save(folder)
    with pytest.raises(KeyboardInterrupt), replacing(folder) as new:
        small(metadata, new, "half")
        raise KeyboardInterrupt
    assert (folder / "en" / "model.onnx").read_text() == "old"
    with replacing(folder) as new:
        small(metadata, new, "new", "v2")
    assert load_metadata(folder).version == "v2"
    assert sorted(path.name for path in folder.rglob("*.*")) == ["NOTES.md", "metadata.json", "model.onnx"]
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_that_holds_something_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "photos").write_text("dear")
    with pytest.raises(RegistryError, match="holds something that is no model"), replacing(tmp_path):
        pass
    assert (tmp_path / "photos").exists()


def test_a_training_run_that_fails_leaves_nothing_behind(registry: Registry) -> None:
    with pytest.raises(KeyboardInterrupt), registry.new() as folder:
        (folder / "half").write_text("…")
        raise KeyboardInterrupt
    assert list(registry.root.iterdir()) == []


def test_the_same_model_is_kept_once_and_another_of_its_name_beside_it(
    registry: Registry, metadata: Metadata, tmp_path: Path
) -> None:
    first = registry.adopt(small(metadata, tmp_path / "a"))
    assert registry.adopt(small(metadata, tmp_path / "b")) == first
    other = registry.adopt(small(metadata, tmp_path / "c", "another graph"))
    assert {entry.name for entry in registry.entries()} == {DEFAULT, first, other}
    assert len({DEFAULT, first, other}) == 3


def test_a_version_cannot_lead_out_of_the_folder(registry: Registry, metadata: Metadata, tmp_path: Path) -> None:
    name = registry.adopt(small(metadata, tmp_path / "a", version="../../outside"))
    assert registry.folder(name).parent == registry.root
    with pytest.raises(ModelNotFound, match=r"there is no model '../a'"):
        registry.folder("../a")


def test_a_damaged_model_is_listed_but_never_promoted(registry: Registry, metadata: Metadata, tmp_path: Path) -> None:
    name = registry.adopt(small(metadata, tmp_path / "a"))
    (registry.folder(name) / "en" / "model.onnx").write_text("grap")
    assert "sha256" in next(entry.problem for entry in registry.entries() if entry.name == name)
    with pytest.raises(ModelTampered):
        registry.promote(name)
    assert registry.current == DEFAULT


def test_rolling_back_to_a_damaged_model_is_refused(registry: Registry, metadata: Metadata, tmp_path: Path) -> None:
    for version in ("v1", "v2"):
        registry.promote(registry.adopt(small(metadata, tmp_path / version, version, version)))
    shutil.rmtree(registry.folder("v1"))
    with pytest.raises(ModelNotFound, match="there is no model 'v1'"):
        registry.rollback()
    assert registry.current == "v2"


def test_an_unreadable_pointer_says_what_to_do(registry: Registry) -> None:
    registry.root.mkdir()
    (registry.root / "current.json").write_text('{"history": [')
    with pytest.raises(RegistryError, match=r"current\.json is damaged .* remove it"):
        registry.current  # noqa: B018


def test_a_process_killed_while_promoting_leaves_the_old_pointer_or_the_new_one(
    registry: Registry, metadata: Metadata, tmp_path: Path
) -> None:
    for version in ("v1", "v2"):
        registry.adopt(small(metadata, tmp_path / version, version, version))
    registry.promote("v1")
    code = (
        "import sys; from pathlib import Path; from nlu.registry import Registry\n"
        f"registry = Registry(Path({str(registry.root)!r}), Path({str(DEFAULT_MODEL)!r}))\n"
        "history = registry.history()\n"
        "print('go', flush=True)\n"
        "while True:\n    registry._write(history * 2000)\n    registry._write(history)\n"
    )
    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as writer:
            assert writer.stdout and writer.stdout.readline() == b"go\n"
            for _ in range(40):
                assert len(json.loads((registry.root / "current.json").read_text("utf-8"))["history"]) in (1, 2000)
            writer.kill()
        assert registry.current == "v1"
