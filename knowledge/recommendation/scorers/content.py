"""Names that mean something alike: items near what a customer buys, by their names and categories alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.customers.transactions import Ints, Items
from knowledge.recommendation.history import History, Scores

Embed = Callable[[Sequence[str]], Any]
"""Texts → (n, d) vectors, dense or sparse."""
DAYS = 90.0


@dataclass(frozen=True)
class Content:
    """`taste` (customers, d) the mean of what one bought; `vectors` (items, d); rows of length 1 or 0."""

    taste: Any
    vectors: Any

    def of(self, customers: Ints) -> Scores:
        near = self.taste[customers] @ self.vectors.T
        return np.asarray(near.toarray() if hasattr(near, "toarray") else near, dtype=np.float32)


def fit(history: History, vectors: Any) -> Content:
    return Content(history.matrix(history.decayed(DAYS)) @ vectors, vectors)


def vectors_of(items: Items, embed: Embed | None = None) -> Any:
    """(items, d) rows of length 1, from a sentence encoder, or without one from the words' TF-IDF."""
    texts = [f"{name} {kind}" for name, kind in zip(items.names.tolist(), items.categories.tolist(), strict=True)]
    vectors = (embed or tf_idf)(texts)
    if hasattr(vectors, "multiply"):
        return vectors
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)


def tf_idf(texts: Sequence[str]) -> Any:
    """Words, and pairs of characters within words, so that it reads Chinese too."""
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not any(text.strip() for text in texts):
        return csr_matrix((len(texts), 1), dtype=np.float32)
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3), max_features=20_000, dtype=np.float32).fit_transform(
        texts
    )
