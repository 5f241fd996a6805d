"""All columns for a list of candidates."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from knowledge.customers.transactions import Floats, Ints
from knowledge.recommendation.features import customers, groups, items, pairs
from knowledge.recommendation.features.groups import Grouping
from knowledge.recommendation.features.ratio import ratio
from knowledge.recommendation.history import History, Scores


@dataclass(frozen=True)
class Described:
    """Everything about pairs, groups, customers and items, once a history."""

    history: History
    pairs: Scores
    customers: Scores
    items: Scores
    groupings: tuple[Grouping, ...]


def describe(history: History, numbers: tuple[Ints, ...]) -> Described:
    """`numbers`: for each way of grouping, (items,) the group of each item."""
    return Described(
        history,
        pairs.describe(history),
        customers.describe(history),
        items.describe(history),
        tuple(groups.group(history, number) for number in numbers),
    )


def names(groupings: int, scorers: tuple[str, ...]) -> tuple[str, ...]:
    wide = tuple(f"{name}_{number}" for number in range(groupings) for name in (*groups.NAMES, "own_share"))
    scores = tuple(f"{kind}_{name}" for name in scorers for kind in ("s", "r"))
    return (*pairs.NAMES, *customers.NAMES, *items.NAMES, "price_ratio", "due_by_others", *wide, *scores)


def rank_of(scorer: str, scorers: tuple[str, ...]) -> int:
    """The column with a candidate's place by one single model; the models' columns come last."""
    return 2 * (scorers.index(scorer) - len(scorers)) + 1


def rows(known: Described, customer: Ints, item: Ints, scores: Mapping[str, Scores]) -> Scores:
    """(n, f); `scores`: by single model (n,) of each candidate. `customer` is sorted."""
    own = pairs.look_up(known.history, known.pairs, customer, item)
    about, of_item = known.customers[customer], known.items[item]
    column = items.NAMES.index
    parts: list[Floats | Scores] = [own, about, of_item]
    parts.append(ratio(of_item[:, column("i_price")], about[:, customers.NAMES.index("c_price")])[:, None])
    parts.append(ratio(own[:, pairs.NAMES.index("days_since")], of_item[:, column("i_gap")])[:, None])
    for grouping in known.groupings:
        wide = groups.look_up(grouping, customer, item, of_item[:, column("i_buyers_28")])
        parts.append(wide)
        parts.append(
            ratio(own[:, pairs.NAMES.index("decayed_60")], wide[:, groups.NAMES.index("g_decayed_60")])[:, None]
        )
    for each in scores.values():
        parts += [each[:, None], _ranked(customer, each)[:, None]]
    return np.concatenate(parts, axis=1, dtype=np.float32)


def _ranked(customer: Ints, scores: Scores) -> Scores:
    """(n,) place among the customer's candidates, 0 for the best."""
    by = np.lexsort((-scores, customer))
    place = np.empty(len(by), dtype=np.float32)
    place[by] = np.arange(len(by)) - np.searchsorted(customer, customer[by])
    return place
