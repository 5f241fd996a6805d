"""Lists for customers at a cut: candidates in the hybrid's order, filled up with what there is."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from knowledge.customers.transactions import Ints, Items, Transactions
from knowledge.recommendation.candidates import bought_by
from knowledge.recommendation.history import History
from knowledge.recommendation.hybrid import AT_ONCE, NEW, OWN, Hybrid, learn
from knowledge.recommendation.snapshot import Candidates, Snapshot, chunk_size, prepare, suggest
from knowledge.recommendation.tasks import Task

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Lists:
    """`items[i]` (k,) are the items of `customers[i]`, best first, -1 where there is no more."""

    customers: Ints
    items: Ints
    scores: np.ndarray[tuple[int, ...], np.dtype[np.float32]]


@dataclass(frozen=True)
class Ranker:
    """A snapshot and what orders its candidates."""

    snapshot: Snapshot
    hybrid: Hybrid

    def lists(self, customers: Ints, tasks: Sequence[Task], k: int, progress: Progress) -> dict[Task, Lists]:
        """For each task `k` distinct items, fewer only where the shop has no more to ask for."""
        size, parts = chunk_size(self.snapshot), []
        chunks = [customers[at : at + size] for at in range(0, len(customers), size)]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for part in pool.map(lambda chunk: self._lists(chunk, tasks, k), chunks):
                parts.append(part)
                progress("ranking", len(parts) / len(chunks))
        return {task: _joined([part[task] for part in parts], k) for task in tasks}

    def _lists(self, customers: Ints, tasks: Sequence[Task], k: int) -> dict[Task, Lists]:
        own = 0 if set(tasks) == {Task.NEW} else max(OWN, k)
        given = suggest(self.snapshot, customers, own, max(NEW, k))
        return {task: self._filled(task, given, customers, k) for task in tasks}

    def _filled(self, task: Task, given: Candidates, customers: Ints, k: int) -> Lists:
        scores = self.hybrid.scores(task, given)
        by = np.lexsort((given.item, -scores, given.customer))
        by = by[np.isfinite(scores[by])]
        place = np.arange(len(by)) - np.searchsorted(given.customer[by], given.customer[by])
        by, place = by[place < k], place[place < k]
        row = np.searchsorted(customers, given.customer[by])
        items = np.full((len(customers), k), -1, dtype=np.int32)
        ranked = np.zeros((len(customers), k), dtype=np.float32)
        items[row, place], ranked[row, place] = given.item[by], scores[by]
        for one in np.flatnonzero(items[:, -1] < 0) if k else ():
            _fill(items[one], self._rest(task, int(customers[one])))
        return Lists(customers, items, ranked)

    def _rest(self, task: Task, customer: int) -> Iterator[int]:
        """What may still be listed: one's own (not where something new is asked for), then what sells."""
        history = self.snapshot.history
        rows, _ = bought_by(history, np.array([customer]))
        own = history.pairs.item[rows[np.argsort(-self.snapshot.own_order[rows], kind="stable")]].tolist()
        if task is not Task.NEW:
            yield from own
        seen = set(own)
        yield from (item for item in self.snapshot.popular.tolist() if item not in seen)


def ranker(transactions: Transactions, items: Items, cut: float, tasks: Sequence[Task], progress: Progress) -> Ranker:
    """Learned from the rows before `cut` alone. Raises ExtraMissing without the extra `crm`."""
    numbers = groupings(items)
    hybrid = learn(transactions, numbers, cut, tasks, progress)
    progress("looking at everybody as of now", 0.7)
    return Ranker(prepare(transactions, cut, numbers), hybrid)


def groupings(items: Items) -> tuple[Ints, ...]:
    """Ways to group the items, the widest first: by category, and by name, which in large shops names a kind."""
    return tuple(np.unique(texts, return_inverse=True)[1].astype(np.int32) for texts in (items.categories, items.names))


def customers_known(history: History) -> Ints:
    """Those with at least one row before the cut."""
    return np.flatnonzero(np.diff(history.pairs.of_customer) > 0).astype(np.int32)


def _fill(items: Ints, rest: Iterator[int]) -> None:
    """Write what is not listed yet into the empty places at the end."""
    listed = set(items[items >= 0].tolist())
    for place in range(len(listed), len(items)):
        following = next((item for item in rest if item not in listed), None)
        if following is None:
            return
        items[place] = following
        listed.add(following)


def _joined(parts: Sequence[Lists], k: int) -> Lists:
    if not parts:
        return Lists(np.zeros(0, np.int32), np.zeros((0, k), np.int32), np.zeros((0, k), np.float32))
    return Lists(
        np.concatenate([part.customers for part in parts]),
        np.concatenate([part.items for part in parts]),
        np.concatenate([part.scores for part in parts]),
    )
