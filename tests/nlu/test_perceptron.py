"""The perceptron learns what a line can't, the same way each time."""

from pathlib import Path

import numpy as np
import pytest

from nlu.calibration import Floats, Ints
from nlu.errors import ModelIncompatible, ModelNotFound
from nlu.linear import LinearReader
from nlu.perceptron import PerceptronReader

Points = tuple[Floats, Ints]


@pytest.fixture(scope="module")
def rings() -> Points:
    """Three rings, one in another: no line parts them."""
    source = np.random.default_rng(0)
    labels = source.integers(0, 3, 1500)
    angles, radii = source.uniform(0, 2 * np.pi, 1500), 1.0 + labels + source.normal(scale=0.15, size=1500)
    flat = np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)
    return (7 + np.tile(flat, 4)).astype(np.float32), labels


@pytest.fixture(scope="module")
def reader(rings: Points) -> PerceptronReader:
    return PerceptronReader.fit(rings[0][:1000], rings[1][:1000], 3, hidden=128, epochs=300)


def test_it_parts_what_no_line_parts(rings: Points, reader: PerceptronReader) -> None:
    points, labels = rings
    straight = LinearReader.fit(points[:1000], labels[:1000], 3).logits(points[1000:])
    assert (straight.argmax(1) == labels[1000:]).mean() < 0.7
    assert (reader.logits(points[1000:]).argmax(1) == labels[1000:]).mean() > 0.8


def test_the_same_points_give_the_same_reader_and_progress_is_told(rings: Points) -> None:
    steps: list[tuple[int, int]] = []
    one, other = (
        PerceptronReader.fit(*rings, 3, hidden=16, epochs=2, report=lambda *step: steps.append(step)) for _ in range(2)
    )
    assert (one.logits(rings[0]) == other.logits(rings[0])).all()
    assert steps == [(1, 2), (2, 2)] * 2


def test_a_saved_reader_says_the_same(rings: Points, reader: PerceptronReader, tmp_path: Path) -> None:
    reader.save(tmp_path / "p.npz")
    loaded = PerceptronReader.load(tmp_path / "p.npz")
    assert loaded.classes == 3
    assert (loaded.logits(rings[0]) == reader.logits(rings[0])).all()


def test_missing_and_damaged_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"p\.npz is missing"):
        PerceptronReader.load(tmp_path / "p.npz")
    (tmp_path / "p.npz").write_bytes(b"nothing of ours")
    with pytest.raises(ModelIncompatible, match="does not hold a perceptron"):
        PerceptronReader.load(tmp_path / "p.npz")
