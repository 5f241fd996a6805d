import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.profiles.artefacts import KEPT, Artefacts
from knowledge.profiles.errors import ModelIncompatible, ModelTampered, NoModel, ProfileError
from knowledge.profiles.sealing import Metadata, read_metadata, verified

METADATA = Metadata(
    fitted_at="2026-11-20T03:15:00+00:00",
    code_version="0.1.0",
    source="shop",
    data_sha256="ab12",
    seed=7,
    first_day="2025-01-01",
    cut="2026-11-20",
    customers=2000,
    items=300,
    lines=40_000,
    parts=("segmentation",),
    problems={"prediction": "only 3 customers"},
)


def writing(text: str) -> Callable[[Path], None]:
    def save(folder: Path) -> None:
        (folder / "segmentation").mkdir()
        (folder / "segmentation" / "model.json").write_text(text)

    return save


def test_what_is_added_serves_and_says_what_it_is(tmp_path: Path) -> None:
    artefacts = Artefacts(tmp_path / "crm")
    version = artefacts.add(writing("one"), METADATA)
    assert artefacts.current == version
    assert version.startswith("20261120-031500-")
    said = verified(artefacts.folder())
    assert (said.version, said.customers, list(said.files)) == (version, 2000, ["segmentation/model.json"])
    card = (artefacts.folder() / "card.md").read_text()
    assert "only 3 customers" in card
    assert "must not be used for" in card


def test_a_rollback_goes_to_the_version_before(tmp_path: Path) -> None:
    artefacts = Artefacts(tmp_path)
    first, second = (artefacts.add(writing(text), METADATA) for text in ("one", "two"))
    before = artefacts.stamp()
    assert artefacts.current == second
    assert artefacts.rollback() == first == artefacts.current
    assert artefacts.stamp() != before
    with pytest.raises(ProfileError, match="no earlier"):
        artefacts.rollback()


def test_only_the_last_versions_are_kept(tmp_path: Path) -> None:
    artefacts = Artefacts(tmp_path)
    for day in range(KEPT + 3):
        artefacts.add(writing(str(day)), replace(METADATA, fitted_at=f"2026-11-{day + 1:02}T03:00:00+00:00"))
    assert [entry.version[:8] for entry in artefacts.entries()] == [f"202611{day:02}" for day in range(4, 11)]
    assert artefacts.current == artefacts.entries()[-1].version


def test_what_breaks_off_while_writing_leaves_nothing(tmp_path: Path) -> None:
    artefacts = Artefacts(tmp_path)

    def save(folder: Path) -> None:
        (folder / "half").write_text("…")
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        artefacts.add(save, METADATA)
    assert artefacts.current is None
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(NoModel, match="kefu crm fit"):
        artefacts.folder()


def test_one_fit_at_a_time(tmp_path: Path) -> None:
    with Artefacts(tmp_path).fitting(), pytest.raises(ProfileError, match="another fit"), Artefacts(tmp_path).fitting():
        pass
    with Artefacts(tmp_path).fitting():
        pass


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda folder: (folder / "segmentation" / "model.json").write_text("0ne"), "sha256 differs"),
        (lambda folder: (folder / "segmentation" / "model.json").unlink(), "is missing"),
        (lambda folder: (folder / "more.json").write_text("{}"), "does not belong"),
        (lambda folder: edit(folder, customers=3), "was changed"),
        (lambda folder: (folder / "metadata.json").write_text('{"form'), "is damaged"),
    ],
)
def test_a_changed_model_is_refused_by_name(tmp_path: Path, harm: Callable[[Path], object], words: str) -> None:
    artefacts = Artefacts(tmp_path)
    good = artefacts.add(writing("one"), METADATA)
    artefacts.add(writing("two"), METADATA)
    folder = artefacts.folder()
    harm(folder)
    with pytest.raises(ModelTampered, match=words):
        verified(folder)
    assert [bool(entry.problem) for entry in artefacts.entries() if entry.version == folder.name] == [True]
    assert artefacts.rollback() == good


def test_no_rollback_to_a_model_that_was_changed(tmp_path: Path) -> None:
    artefacts = Artefacts(tmp_path)
    artefacts.add(writing("one"), METADATA)
    (artefacts.folder() / "segmentation" / "model.json").write_text("0ne")
    second = artefacts.add(writing("two"), METADATA)
    with pytest.raises(ModelTampered):
        artefacts.rollback()
    assert artefacts.current == second


def test_another_format_says_both_numbers(tmp_path: Path) -> None:
    artefacts = Artefacts(tmp_path)
    artefacts.add(writing("one"), METADATA)
    edit(artefacts.folder(), format=9)
    with pytest.raises(ModelIncompatible, match="format 9, this Kefu reads 1"):
        read_metadata(artefacts.folder())


def test_a_damaged_pointer_says_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "current.json").write_text("[")
    with pytest.raises(ProfileError, match="remove it"):
        _ = Artefacts(tmp_path).current


def edit(folder: Path, **changes: object) -> None:
    file = folder / "metadata.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))
