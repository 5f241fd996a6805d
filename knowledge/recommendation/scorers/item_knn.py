"""Bought by the same people: items like those a customer bought, by cosine over customers, BM25 weighted.

BM25's weight keeps a reseller's hundred boxes and the item that everybody buys from deciding everything.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.customers.transactions import Ints
from knowledge.recommendation.history import History, Scores

DAYS = 180.0
NEIGHBOURS = 50
SATURATION, LENGTH = 1.2, 0.75
CHUNK = 2048


@dataclass(frozen=True)
class ItemKnn:
    """`x` customers × items CSR, weighted; `alike` items × items CSR, each row an item's nearest."""

    x: Any
    alike: Any

    def of(self, customers: Ints) -> Scores:
        return np.asarray((self.x[customers] @ self.alike).toarray(), dtype=np.float32)


def fit(history: History, days: float = DAYS, neighbours: int = NEIGHBOURS) -> ItemKnn:
    x = _bm25(history, history.decayed(days))
    norms = np.sqrt(np.asarray(x.multiply(x).sum(axis=0)).ravel())
    unit = x.multiply(1 / np.maximum(norms, 1e-12)).tocsc().astype(np.float32)
    return ItemKnn(x, _nearest(unit, neighbours))


def _bm25(history: History, weight: Any) -> Any:
    """Term frequency saturates, long histories count less, items that all buy count less."""
    pairs, customers = history.pairs, max(1, history.customers)
    length = np.diff(pairs.of_customer)[pairs.customer]
    short = 1 - LENGTH + LENGTH * length / max(1.0, len(pairs.item) / customers)
    rare = np.log1p((customers - history.buyers + 0.5) / (history.buyers + 0.5))
    return history.matrix(rare[pairs.item] * weight * (SATURATION + 1) / (weight + SATURATION * short))


def _nearest(unit: Any, neighbours: int) -> Any:
    """items × items CSR of the largest cosines, an item itself left out."""
    from scipy.sparse import csr_matrix, vstack

    blocks, items = [], unit.shape[1]
    for start in range(0, items, CHUNK):
        block = (unit[:, start : start + CHUNK].T @ unit).tocsr()
        block.setdiag(0, start)
        block.eliminate_zeros()
        blocks.append(_largest(block, neighbours))
    return vstack(blocks).tocsr() if blocks else csr_matrix((0, 0), dtype=np.float32)


def _largest(rows: Any, most: int) -> Any:
    """The `most` largest values of each row."""
    from scipy.sparse import csr_matrix

    owner = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    by = np.lexsort((-rows.data, owner))
    by = by[np.arange(len(by)) - rows.indptr[owner] < most]
    return csr_matrix((rows.data[by], (owner[by], rows.indices[by])), shape=rows.shape)
