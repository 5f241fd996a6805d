"""Out of scope by logits and distance: better than the best class's probability, on disk without a pickle."""

from pathlib import Path

import numpy as np
import pytest

from nlu.class_means import ClassMeans
from nlu.scope import Scope, auroc, fit_scope, signals, threshold_for

CLASSES, WIDTH = 8, 16


def world(n: int, random: np.random.Generator, far: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vectors around eight class centres, the logits of a linear reader that leans on half of the numbers, and labels;
    `far` moves them off where no class is, in the numbers that the reader does not see."""
    centres = np.random.default_rng(99).normal(size=(CLASSES, WIDTH)) * 2
    labels = random.integers(0, CLASSES, n)
    vectors = centres[labels] + random.normal(size=(n, WIDTH))
    vectors[:, WIDTH // 2 :] += far
    logits = vectors[:, : WIDTH // 2] @ centres[:, : WIDTH // 2].T / 4
    return logits.astype(np.float32), vectors.astype(np.float32), labels


def test_distance_finds_what_the_classifier_is_blind_to() -> None:
    random = np.random.default_rng(1)
    _, vectors, labels = world(800, random)
    means = ClassMeans.fit(vectors, labels, CLASSES)
    (logits, near, labels), (strange, far, _) = world(400, random), world(100, random, far=4.0)
    inside = np.arange(500) < 400
    both, places = np.concatenate([logits, strange]), np.concatenate([near, far])
    scope = fit_scope(both, np.concatenate([labels, np.zeros(100, np.int64)]), places, means, inside)
    assert "distance" in scope.used
    by_sureness = signals(both, None, None, None)[:, 0]
    assert auroc(scope.score(both, places), ~inside) > 0.99 > auroc(by_sureness, ~inside) + 0.3


def test_few_in_scope_texts_reach_the_threshold_of_a_new_sample() -> None:
    random = np.random.default_rng(2)
    _, vectors, labels = world(800, random)
    means = ClassMeans.fit(vectors, labels, CLASSES)
    logits, vectors, labels = world(600, random)
    scope = fit_scope(logits, labels, vectors, means)
    assert scope.used == ("energy", "distance")
    logits, vectors, _ = world(4000, random)
    assert (scope.score(logits, vectors) >= scope.threshold).mean() <= 0.045
    logits, vectors, _ = world(500, random, far=4.0)
    assert (scope.score(logits, vectors) >= scope.threshold).mean() > 0.95


def test_a_class_called_out_of_scope_is_listened_to() -> None:
    random = np.random.default_rng(4)
    labels = np.repeat(np.arange(CLASSES), 50)
    logits = (np.eye(CLASSES)[labels] * 3 + random.normal(size=(len(labels), CLASSES))).astype(np.float32)
    scope = fit_scope(logits, labels, outside=7)
    scores = scope.score(logits)
    assert "outside" in scope.used
    assert scores.min() >= 0 and scores.max() <= 1
    assert auroc(scores, labels == 7) > 0.9


def test_a_scope_comes_back_from_disk_as_it_was(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    logits, vectors, labels = world(300, random)
    for scope in (
        fit_scope(logits, labels, vectors, ClassMeans.fit(vectors, labels, CLASSES)),
        fit_scope(logits, labels, outside=3),
    ):
        scope.save(tmp_path / "scope.npz")
        again = Scope.load(tmp_path / "scope.npz")
        assert (again.used, again.outside, again.threshold) == (scope.used, scope.outside, scope.threshold)
        assert again.score(logits, vectors) == pytest.approx(scope.score(logits, vectors), abs=0.01)


def test_the_threshold_keeps_a_margin_for_small_samples() -> None:
    scores = np.linspace(0, 1, 1000, dtype=np.float32)
    assert (scores >= threshold_for(scores, 0.04)).sum() in range(25, 35)
    assert threshold_for(scores[:20], 0.04) > scores[:20].max()


def test_auroc_counts_ties_half() -> None:
    scores = np.array([0.1, 0.5, 0.5, 0.9], dtype=np.float32)
    assert auroc(scores, np.array([False, False, True, True])) == pytest.approx(0.875)


def test_distances_are_those_of_the_shared_covariance() -> None:
    draw = np.random.default_rng(3)
    vectors = (draw.normal(size=(400, 3)) @ draw.normal(size=(3, 3))).astype(np.float32)
    labels = np.arange(400) % 2
    means = ClassMeans.fit(vectors, labels, 2, shrinkage=0.0)
    centres = np.stack([vectors[labels == each].mean(0) for each in (0, 1)])
    spread = vectors - centres[labels]
    inverse = np.linalg.inv(spread.T @ spread / len(vectors))
    away = vectors[:5, None] - centres
    assert np.allclose(means.distances(vectors[:5]), np.sqrt(np.einsum("ncd,de,nce->nc", away, inverse, away)), 1e-3)
    assert not np.triu(means.whitening, 1).any()
