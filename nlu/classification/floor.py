"""The floor that any model must beat: character n-gram TF-IDF and a linear SVM. Needs scikit-learn."""

from collections.abc import Sequence

import numpy as np

from nlu.classification.measuring import Share, macro_f1_share, wilson
from nlu.classification.public_sets import Split
from nlu.classification.texts import LabelledTexts, out_of_scope_label, without_context


def floor(splits: Sequence[Split], metric: str) -> Share:
    """The metric's value on test, learnt on train alone.

    Texts are read without their context, out-of-scope texts are left out where the metric is the in-scope accuracy.
    """
    truth: list[str] = []
    said: list[str] = []
    for split in splits:
        outside = out_of_scope_label(split.train.names) if metric == "in_scope_accuracy" else None
        kept = [row for row, label in enumerate(split.test.labels) if label != outside]
        learnt = [row for row, label in enumerate(split.train.labels) if label != outside]
        truth += [split.test.labels[row] for row in kept]
        said += _read(split.train.at(learnt), [without_context(split.test.texts[row]) for row in kept])
    if metric != "macro_f1":
        return wilson(sum(one == other for one, other in zip(truth, said, strict=True)), len(truth))
    return macro_f1_share(np.array(truth, dtype=object), np.array(said, dtype=object))


def _read(train: LabelledTexts, texts: list[str]) -> list[str]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    machine = make_pipeline(TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True), LinearSVC())
    machine.fit([without_context(text) for text in train.texts], train.labels)
    return [str(label) for label in machine.predict(texts)]
