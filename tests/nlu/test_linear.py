"""The linear reader finds the one best answer, and its file is read with care."""

from pathlib import Path

import numpy as np
import pytest

from nlu.calibration import Floats, Ints
from nlu.errors import ModelIncompatible, ModelNotFound
from nlu.linear import LinearReader

Clouds = tuple[Floats, Ints]


@pytest.fixture(scope="module")
def clouds() -> Clouds:
    """Four overlapping clouds of points, far from the origin."""
    source = np.random.default_rng(3)
    labels = source.integers(0, 4, 600)
    centres = source.normal(size=(4, 12))
    return (5 + centres[labels] + source.normal(size=(600, 12))).astype(np.float32), labels


def test_it_finds_the_optimum_that_scikit_learn_finds(clouds: Clouds) -> None:
    linear_model = pytest.importorskip("sklearn.linear_model", reason="the reference needs the 'train' extra")
    points, labels = clouds
    moved = (points - points.mean(0)) / points.std(0).mean()
    reference = linear_model.LogisticRegression(C=1 / (0.01 * len(labels)), max_iter=1000).fit(moved, labels)
    mine = LinearReader.fit(points, labels, 4, l2=0.01).logits(points)
    theirs = reference.decision_function(moved)
    assert np.allclose(mine - mine.mean(1, keepdims=True), theirs - theirs.mean(1, keepdims=True), atol=0.02)


def test_a_weight_counts_like_repeating_the_row(clouds: Clouds) -> None:
    points, labels = clouds
    twice = np.where(labels == 2, 2, 1)
    weighted = LinearReader.fit(points, labels, 4, l2=0.01, weights=twice.astype(np.float32))
    repeated = LinearReader.fit(np.repeat(points, twice, axis=0), np.repeat(labels, twice), 4, l2=0.01)
    agree = weighted.logits(points).argmax(1) == repeated.logits(points).argmax(1)
    assert agree.mean() > 0.98


def test_a_class_without_a_row_is_never_chosen(clouds: Clouds) -> None:
    points, labels = clouds
    assert LinearReader.fit(points, labels, 6, l2=0.01).logits(points).argmax(1).max() == 3


def test_a_saved_reader_says_the_same(clouds: Clouds, tmp_path: Path) -> None:
    reader = LinearReader.fit(*clouds, 4)
    reader.save(tmp_path / "line.npz")
    assert (LinearReader.load(tmp_path / "line.npz").logits(clouds[0]) == reader.logits(clouds[0])).all()


def test_missing_and_damaged_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"line\.npz is missing"):
        LinearReader.load(tmp_path / "line.npz")
    (tmp_path / "line.npz").write_bytes(b"PK\x03\x04 nothing of ours")
    with pytest.raises(ModelIncompatible, match="does not hold a linear reader"):
        LinearReader.load(tmp_path / "line.npz")
