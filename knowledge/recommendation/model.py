"""What all purchases say about the products: how popular, bought with what, bought again how often and when."""

from dataclasses import dataclass

import numpy as np

from knowledge.recommendation.purchases import Floats, Ints, Purchases

POPULARITY_HALF_LIFE_DAYS = 60.0
SAME_BASKET_WEIGHT = 3.0
"""Two products in one order say more about belonging together than two in one customer's history."""
LONGEST_HISTORY = 60
"""Lines of one customer that are paired; a reseller's thousands would only cost time."""
SHRINKAGE = 4.0
"""Pairs seen once or twice are mostly chance."""
USUAL_GAP_DAYS = 90.0


@dataclass(frozen=True)
class Neighbours:
    """For product p, `ids[starts[p]:starts[p+1]]` are the products bought by the same people, with `weights` in 0-1."""

    starts: Ints
    ids: Ints
    weights: Floats

    def of(self, product: int) -> tuple[Ints, Floats]:
        span = slice(self.starts[product], self.starts[product + 1])
        return self.ids[span], self.weights[span]


@dataclass(frozen=True)
class ProductModel:
    """Arrays by product number; `number[product_id]` gives it. Popularity and rates are 0-1."""

    products: tuple[str, ...]
    number: dict[str, int]
    popularity: Floats
    again_rate: Floats
    """Of the people who bought it, how many came back for it."""
    again_gap_days: Floats
    neighbours: Neighbours


def learn(purchases: Purchases) -> ProductModel:
    """Under a second for 100,000 lines."""
    count = len(purchases.products)
    rate, gap = _repeats(purchases, count)
    return ProductModel(
        purchases.products,
        {product_id: number for number, product_id in enumerate(purchases.products)},
        _popularity(purchases, count),
        rate,
        gap,
        _neighbours(purchases, count),
    )


def _popularity(purchases: Purchases, count: int) -> Floats:
    decay = np.exp2(-purchases.age_days / POPULARITY_HALF_LIFE_DAYS)
    sums = np.asarray(np.bincount(purchases.product, weights=decay, minlength=count), dtype=np.float64)
    return np.asarray(sums / sums.max()) if count else sums


def _repeats(purchases: Purchases, count: int) -> tuple[Floats, Floats]:
    """Rate and typical gap of buying again: a gap lies between one person's neighbouring purchases of a product."""
    by = np.lexsort((-purchases.age_days, purchases.product, purchases.customer))
    product, customer, age = purchases.product[by], purchases.customer[by], purchases.age_days[by]
    gaps = age[:-1] - age[1:]
    again = (product[:-1] == product[1:]) & (customer[:-1] == customer[1:]) & (gaps > 1.0)
    pairs = np.unique(customer * count + product)
    buyers = np.bincount(pairs % max(1, count), minlength=count)
    returning_pairs = np.unique(customer[:-1][again] * count + product[:-1][again])
    returning = np.bincount(returning_pairs % max(1, count), minlength=count)
    total = np.bincount(product[:-1][again], weights=gaps[again], minlength=count)
    times = np.bincount(product[:-1][again], minlength=count)
    gap = np.where(times > 0, total / np.maximum(times, 1), USUAL_GAP_DAYS)
    return returning / (buyers + SHRINKAGE), gap


def _neighbours(purchases: Purchases, count: int) -> Neighbours:
    """Cosine of "bought by the same people", where the same basket counts more."""
    same_person = _pairs(purchases.customer, purchases.product, count)
    same_basket = _pairs(purchases.order, purchases.product, count)
    pairs = np.concatenate([same_person, same_basket])
    weight = np.repeat([1.0, SAME_BASKET_WEIGHT], [len(same_person), len(same_basket)])
    keys, inverse = np.unique(pairs, return_inverse=True)
    together = np.bincount(inverse, weights=weight, minlength=len(keys))
    first, second = keys // max(1, count), keys % max(1, count)
    buyers = np.bincount(np.unique(purchases.customer * count + purchases.product) % max(1, count), minlength=count)
    weights = together / (np.sqrt(buyers[first] * buyers[second]) + SHRINKAGE)
    starts = np.searchsorted(first, np.arange(count + 1))
    top = weights.max() if len(weights) else 1.0
    return Neighbours(starts, second, weights / top)


def _pairs(group: Ints, product: Ints, count: int) -> Ints:
    """`first * count + second` for every ordered pair of different products within each group."""
    distinct = np.unique(group * count + product)
    groups, products = distinct // max(1, count), distinct % max(1, count)
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]]) if len(groups) else np.array([], dtype=np.int64)
    sizes = np.diff(np.r_[starts, len(groups)])
    found = [np.array([], dtype=np.int64)]
    for size in np.unique(sizes[sizes > 1]):
        members = products[starts[sizes == size][:, None] + np.arange(min(size, LONGEST_HISTORY))]
        crossed = members[:, :, None] * count + members[:, None, :]
        found.append(crossed[:, ~np.eye(members.shape[1], dtype=bool)].ravel())
    return np.concatenate(found)
