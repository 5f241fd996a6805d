"""Rare labels are named more readily where macro-F1 counts."""

import numpy as np

from nlu.classification.leaning import fit_leans
from nlu.classification.measuring import macro_f1


def test_leans_raise_macro_f1_on_texts_they_were_not_fitted_on() -> None:
    source = np.random.default_rng(1)
    labels = source.choice(3, 3000, p=[0.8, 0.12, 0.08])
    seen = source.normal(size=(3000, 3)) + np.eye(3)[labels]
    logits = (seen + np.log([0.8, 0.12, 0.08])).astype(np.float32)
    leans = np.array(fit_leans(logits[:1500], labels[:1500]))
    plain, leaned = (macro_f1(labels[1500:], (logits[1500:] + lean).argmax(1), 3) for lean in (0 * leans, leans))
    assert leaned > plain + 0.05
    assert leans.argmin() == 0


def test_there_is_no_lean_where_nothing_is_gained() -> None:
    labels = np.arange(300) % 3
    assert fit_leans((10 * np.eye(3)[labels]).astype(np.float32), labels) == (0.0, 0.0, 0.0)


def test_unknown_labels_do_not_count() -> None:
    labels = np.array([0, 1] * 50 + [-1] * 20)
    logits = np.random.default_rng(0).normal(size=(120, 2)).astype(np.float32)
    assert fit_leans(logits, labels) == fit_leans(logits[:100], labels[:100])
