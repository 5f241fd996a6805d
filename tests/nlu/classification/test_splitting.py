"""Cutting data: even, repeatable, and never the same text on both sides."""

import numpy as np

from nlu.classification.splitting import few_per_label, folds, grouped_folds
from nlu.classification.texts import LabelledTexts


def test_folds_spread_every_label_evenly_and_stay_the_same(english: LabelledTexts) -> None:
    assigned = folds(english, 5)
    assert (assigned == folds(english, 5)).all()
    labels = np.array(english.labels)
    for name in english.names:
        counts = np.bincount(assigned[labels == name], minlength=5)
        assert counts.max() - counts.min() <= 1


def test_equal_texts_share_a_fold_whatever_their_width_case_and_label() -> None:
    texts = ("Cancel it", "cancel it ", "ＣＡＮＣＥＬ it", *(f"text {n}" for n in range(20)))
    labels = ("a", "a", "b", *("ab"[n % 2] for n in range(20)))
    assigned = folds(LabelledTexts(texts, labels, texts), 10)
    assert len(set(assigned[:3])) == 1


def test_groups_stay_together() -> None:
    groups = [f"dialogue {n // 3}" for n in range(60)]
    assigned = grouped_folds(groups, 4)
    assert all(len(set(assigned[3 * n : 3 * n + 3])) == 1 for n in range(20))
    assert set(assigned) == {0, 1, 2, 3}


def test_a_few_of_each_label_are_drawn_by_seed(english: LabelledTexts) -> None:
    few = few_per_label(english, 4, seed=1)
    assert {name: few.labels.count(name) for name in few.names} == {"cancel": 4, "oos": 4, "track": 4}
    assert few == few_per_label(english, 4, seed=1)
    assert few != few_per_label(english, 4, seed=2)
