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
class Meanings:
    """`vectors` (different texts, d), rows of length 1 or 0; `number` (items,) the row of each item: in a large shop
    many items share a name, and each name is read once."""

    vectors: Any
    number: Ints


@dataclass(frozen=True)
class Content:
    """`taste` (customers, d): the mean of what one bought, fresh purchases first."""

    taste: Any
    meanings: Meanings

    def of(self, customers: Ints) -> Scores:
        near = self.taste[customers] @ self.meanings.vectors.T
        return np.asarray(near.toarray() if hasattr(near, "toarray") else near, dtype=np.float32)[
            :, self.meanings.number
        ]


def fit(history: History, meanings: Meanings) -> Content:
    from scipy.sparse import csr_matrix

    bought = history.purchases
    weight = np.exp((bought.day - history.cut) / DAYS)
    shape = (history.customers, meanings.vectors.shape[0])
    return Content(
        csr_matrix((weight, (bought.customer, meanings.number[bought.item])), shape=shape) @ meanings.vectors, meanings
    )


def meanings_of(items: Items, embed: Embed | None = None) -> Meanings:
    """From a sentence encoder, or without one from the letters' TF-IDF."""
    texts = [
        f"{name} {kind}".strip() for name, kind in zip(items.names.tolist(), items.categories.tolist(), strict=True)
    ]
    different, number = np.unique(np.array(texts, dtype=np.str_), return_inverse=True)
    vectors = (embed or tf_idf)(different.tolist())
    if not hasattr(vectors, "multiply"):
        vectors = np.asarray(
            vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12), dtype=np.float32
        )
    return Meanings(vectors, number.astype(np.int32))


def tf_idf(texts: Sequence[str]) -> Any:
    """Words, and pairs of characters within words, so that it reads Chinese too."""
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not any(text.strip() for text in texts):
        return csr_matrix((len(texts), 1), dtype=np.float32)
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3), max_features=20_000, dtype=np.float32).fit_transform(
        texts
    )
