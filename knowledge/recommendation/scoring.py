"""How well each product fits one customer, by what they bought up to this moment: buying again, together, taste."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.customers.transactions import Floats
from knowledge.recommendation.own_past import Bought
from knowledge.recommendation.product_model import ProductModel
from knowledge.recommendation.shelf import Shelf

AGAIN_WEIGHT, TOGETHER_WEIGHT, TASTE_WEIGHT, POPULAR_WEIGHT = 0.5, 0.1, 3.0, 1.0
"""Chosen on the demo shop, each customer's last order held out: one of ten products hits it more often than one of the
ten most popular does (tests/knowledge/recommendation)."""
OWNED_WEIGHT = 0.2
"""What one has already is left to "buy again", unless it is very popular."""
TASTE_HALF_LIFE_DAYS = 180.0
OFTEN_AGAIN = 0.15
"""From this rate on a product is one that runs out: an e-reader is not, however many are sold."""
HABIT_TIMES = 3
"""Who has bought it so often has their own rhythm, which counts more than other people's."""
LONGEST_HABIT_DAYS = 120.0
"""Who buys a thing more seldom does not run out of it: three monitor stands in three years are no supply."""
TELLING_LIFT = 1.2
"""Buyers of one product buy the other this much more often than everybody: then it is the reason."""


@dataclass(frozen=True)
class Fit:
    """By product number. `again`: what buying it again adds; `total`: everything together. `shares` (kinds,): the share
    of each category in what the customer buys."""

    again: Floats
    total: Floats
    shares: Floats


def fit_to(shelf: Shelf, history: Sequence[Bought]) -> Fit:
    """For a customer without a history what is popular decides."""
    model = shelf.model
    known = [bought for bought in history if bought.product_id in model.number]
    shares = category_shares(shelf, known)
    again, total = np.zeros(len(model.products)), POPULAR_WEIGHT * model.popularity
    if known:
        own = [model.number[bought.product_id] for bought in known]
        again[own] = [AGAIN_WEIGHT * due(model, bought) for bought in known]
        total *= (1 + TASTE_WEIGHT / POPULAR_WEIGHT * shares)[shelf.kind]
        _add_together(total, model, known)
        total[own] = total[own] * OWNED_WEIGHT + again[own]
    return Fit(again, total, shares)


def due(model: ProductModel, bought: Bought) -> float:
    """0–1: high when people come back for it, this customer has, and it is about time; the day after it is not."""
    number = model.number[bought.product_id]
    is_own_habit = bought.times >= HABIT_TIMES and bought.gap_days <= LONGEST_HABIT_DAYS
    runs_out = model.again_rate[number] >= OFTEN_AGAIN or is_own_habit
    if not runs_out:
        return 0.0
    habit = min(1.0, max(float(model.again_rate[number]), OFTEN_AGAIN) * (1 + 0.5 * (bought.times - 1)))
    passed = min(bought.days_ago / max(1.0, rhythm(model, bought)), 3.0)
    return float(habit * np.exp(-0.5 * (passed - 1) ** 2))


def rhythm(model: ProductModel, bought: Bought) -> float:
    """Days between purchases: the customer's own where there are enough, else everybody's."""
    is_own = bought.times >= HABIT_TIMES and bought.gap_days >= 1
    return bought.gap_days if is_own else float(model.again_gap_days[model.number[bought.product_id]])


def category_shares(shelf: Shelf, history: Sequence[Bought]) -> Floats:
    """(kinds,) the share of each category in what the customer buys, fresh purchases first; none for ""."""
    share = np.zeros(len(shelf.kinds))
    for bought in history:
        if (number := shelf.model.number.get(bought.product_id)) is not None and shelf.category(number):
            share[shelf.kind[number]] += _freshness(bought)
    return share / share.sum() if share.any() else share


def closest(model: ProductModel, history: Sequence[Bought], number: int) -> str | None:
    """The product of the history whose buyers buy this one most often beyond what everybody does."""
    best, pull = None, TELLING_LIFT * float(model.reach[number])
    for bought in history:
        start = model.number.get(bought.product_id)
        if start is None or start == number:
            continue
        ids, weights = model.neighbours.of(start)
        share = float(weights[ids == number].sum())
        if share > pull:
            best, pull = bought.product_id, share
    return best


def _add_together(scores: Floats, model: ProductModel, history: Sequence[Bought]) -> None:
    """The share of those who bought what the customer bought that bought each product, fresh purchases first."""
    whole = sum(_freshness(bought) for bought in history)
    for bought in history:
        ids, weights = model.neighbours.of(model.number[bought.product_id])
        scores[ids] += weights * (TOGETHER_WEIGHT * _freshness(bought) / whole)


def _freshness(bought: Bought) -> float:
    return float(2 ** (-bought.days_ago / TASTE_HALF_LIFE_DAYS))
